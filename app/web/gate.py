"""Admission control: one running question per core, a bounded queue behind them, everything else is refused."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Receive

Result = TypeVar("Result")


class Full(HTTPException):
    """The queue is full."""

    def __init__(self) -> None:
        super().__init__(503, "too many questions are waiting. Ask again in a moment", {"Retry-After": "1"})


class Gone(HTTPException):
    """The asker has gone away before the turn of the question."""

    def __init__(self) -> None:
        super().__init__(499, "the asker has gone")  # to nobody: it replaces an error in the log


class Gate:
    """A first-in, first-out queue of one event loop, in which no thread waits."""

    def __init__(self, slots: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(slots)
        self._room = asyncio.Semaphore(slots + waiting)

    async def worked(self, receive: Receive, work: Callable[[], Result]) -> Result:
        """The result of the work, done in a thread when its turn comes; raises as `slot` does."""
        async with self.slot(receive):
            return await run_in_threadpool(work)

    @asynccontextmanager
    async def slot(self, receive: Receive) -> AsyncIterator[ExitStack]:
        """A slot to work in once it is this question's turn; closing the stack leaves it early.

        `receive` is that of a request whose body has been read. Raises Full at once, or Gone.
        """
        if self._room.locked():
            raise Full
        with ExitStack() as stack:
            await self._room.acquire()  # at once
            stack.callback(self._room.release)
            if self._free.locked():
                await self._turn(receive)
            else:
                await self._free.acquire()
            stack.callback(self._free.release)
            yield stack

    @contextmanager
    def turn(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """A slot for a thread with other work than questions, behind all that wait in the queue of this event loop."""
        asyncio.run_coroutine_threadsafe(self._free.acquire(), loop).result()
        try:
            yield
        finally:
            with suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(self._free.release)

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
        """Release the slot of a turn that came after its asker had left."""
        if not turn.cancelled():
            self._free.release()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
