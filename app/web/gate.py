"""The gate before the work: as many questions at once as there are cores, a bounded line behind them, no more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive

RETRY_AFTER = 1  # seconds: by then the line has moved on

Result = TypeVar("Result")


class Full(Exception):
    """As many questions wait as may."""


class Gone(Exception):
    """Whoever asked has gone away before the question's turn came."""


class Gate:
    """Lets questions through in the order in which they came. It belongs to one event loop, and no thread waits."""

    def __init__(self, places: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(places)
        self._most = places + waiting
        self._inside = 0

    async def worked(self, receive: Receive, work: Callable[[], Result]) -> Result:
        """What the work gives, done in a thread when its turn comes; raises as `place` does."""
        async with self.place(receive):
            return await run_in_threadpool(work)

    @asynccontextmanager
    async def place(self, receive: Receive) -> AsyncIterator[ExitStack]:
        """A place to work in once it is this question's turn; closing what is given leaves it early.

        `receive` is that of a request whose body has been read. Raises Full at once, and Gone.
        """
        if self._inside >= self._most:
            raise Full
        with ExitStack() as held:
            self._inside += 1
            held.callback(self._left)
            if self._free.locked():
                await self._turn(receive)
            else:
                await self._free.acquire()
            held.callback(self._free.release)
            yield held

    def _left(self) -> None:
        self._inside -= 1

    async def _turn(self, receive: Receive) -> None:
        turn, leaving = asyncio.create_task(self._free.acquire()), asyncio.create_task(_departure(receive))
        try:
            await asyncio.wait((turn, leaving), return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                raise Gone
        except (Gone, asyncio.CancelledError):
            turn.cancel()
            turn.add_done_callback(self._give_back)
            raise
        finally:
            leaving.cancel()

    def _give_back(self, turn: asyncio.Task[bool]) -> None:
        """Free the place of a turn that had come when nobody wanted it any more."""
        if not turn.cancelled():
            self._free.release()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
