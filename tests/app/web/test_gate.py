"""Who may work at once, who waits, who is refused; and that no place is ever lost."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message

from app.web.gate import Full, Gate, Gone

DISCONNECT: Message = {"type": "http.disconnect"}


class Asker:
    """One who asks: takes a place, keeps it until told, and may go away while waiting."""

    def __init__(self, gate: Gate) -> None:
        self.in_line, self.at_work = asyncio.Event(), asyncio.Event()
        self.done, self.gone = asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._work(gate))

    async def _work(self, gate: Gate) -> None:
        async with gate.slot(self._receive):
            self.at_work.set()
            await self.done.wait()

    async def _receive(self) -> Message:
        self.in_line.set()
        await self.gone.wait()
        return DISCONNECT


def at_once(test: Callable[[], Awaitable[None]]) -> None:
    """Run what must never wait for what does not come."""

    async def bounded() -> None:
        await asyncio.wait_for(test(), 20)

    asyncio.run(bounded())


async def here_for_ever() -> Message:
    await asyncio.Event().wait()
    return DISCONNECT


async def line(gate: Gate, count: int) -> list[Asker]:
    """This number of askers in line, the first of them first."""
    askers = []
    for _ in range(count):
        askers.append(Asker(gate))
        await askers[-1].in_line.wait()
    return askers


async def workers(gate: Gate, count: int) -> list[Asker]:
    askers = [Asker(gate) for _ in range(count)]
    for asker in askers:
        await asker.at_work.wait()
    return askers


def test_each_place_that_is_left_goes_to_the_first_in_line() -> None:
    async def test() -> None:
        gate = Gate(slots=2, waiting=5)
        working, waiting = await workers(gate, 2), await line(gate, 5)
        for number, asker in enumerate(waiting):
            working.pop(0).done.set()
            await asker.at_work.wait()
            working.append(asker)
            assert [other.at_work.is_set() for other in waiting] == [place <= number for place in range(5)]

    at_once(test)


def test_one_more_than_may_wait_is_refused_at_once_and_let_in_when_the_line_has_moved() -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=2)
        [working], [first, _] = await workers(gate, 1), await line(gate, 2)
        with pytest.raises(Full):
            await Asker(gate).task
        working.done.set()
        await first.at_work.wait()
        await line(gate, 1)
        with pytest.raises(Full):
            await Asker(gate).task

    at_once(test)


def test_where_none_may_wait_a_free_place_is_still_given() -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=0)
        for _ in range(3):
            [working] = await workers(gate, 1)
            with pytest.raises(Full):
                await Asker(gate).task
            working.done.set()
            await working.task

    at_once(test)


def test_who_goes_away_leaves_the_line_and_is_never_worked_for() -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=2)
        [working], [leaving, staying] = await workers(gate, 1), await line(gate, 2)
        leaving.gone.set()
        with pytest.raises(Gone):
            await leaving.task
        [last] = await line(gate, 1)
        working.done.set()
        await staying.at_work.wait()
        assert (leaving.at_work.is_set(), last.at_work.is_set()) == (False, False)

    at_once(test)


@pytest.mark.parametrize("how", ["gone", "cancelled"])
def test_a_turn_that_comes_while_its_asker_leaves_goes_to_the_next(how: str) -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=2)
        [working], [leaving, staying] = await workers(gate, 1), await line(gate, 2)
        working.done.set()
        if how == "gone":
            leaving.gone.set()
        else:
            leaving.task.cancel()
        with pytest.raises((Gone, asyncio.CancelledError)):
            await leaving.task
        await staying.at_work.wait()
        await line(gate, 2)
        with pytest.raises(Full):
            await Asker(gate).task

    at_once(test)


def test_a_place_can_be_left_before_its_end_and_only_once() -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=0)
        async with gate.slot(here_for_ever) as held:
            held.close()
            held.close()
            async with gate.slot(here_for_ever):
                with pytest.raises(Full):
                    await Asker(gate).task

    at_once(test)


def test_work_is_done_in_as_many_threads_as_there_are_places_and_none_waits() -> None:
    async def test() -> None:
        gate = Gate(slots=2, waiting=50)
        now, most, lock, pair = 0, 0, threading.Lock(), threading.Barrier(2)

        def work() -> int:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            pair.wait(20)
            with lock:
                now -= 1
            return threading.get_ident()

        threads = await asyncio.gather(*(gate.worked(here_for_ever, work) for _ in range(50)))
        assert (most, len(threads), len(set(threads)) <= 2) == (2, 50, True)

    at_once(test)


def test_work_that_fails_gives_its_place_back() -> None:
    async def test() -> None:
        gate = Gate(slots=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await gate.worked(here_for_ever, lambda: 1 / 0)

    at_once(test)


def test_other_work_takes_its_turn_behind_questions_and_lets_those_that_come_go_next() -> None:
    async def test() -> None:
        gate, order = Gate(slots=1, waiting=3), list[str]()
        loop = asyncio.get_running_loop()
        first, second, third = Asker(gate), Asker(gate), Asker(gate)
        await asyncio.gather(first.at_work.wait(), second.in_line.wait(), third.in_line.wait())

        def work() -> None:
            for piece in ("one", "two"):
                with gate.turn(loop):
                    order.append(piece)

        working = asyncio.create_task(asyncio.to_thread(work))
        await asyncio.sleep(0.1)
        first.done.set()
        await second.at_work.wait()
        assert order == []
        second.done.set()
        await third.at_work.wait()
        assert order == []
        third.done.set()
        await working
        assert order == ["one", "two"]
        last = Asker(gate)
        await last.at_work.wait()
        last.done.set()
        await last.task

    at_once(test)
