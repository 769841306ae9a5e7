"""A store that is away for a moment when its change is to be followed, and views that are made once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import ClassVar

import pytest

from app.answering.collection import Collection
from app.answering.views import Views
from app.serving.live import Live
from index.errors import Unavailable
from index.search.searcher import Searcher
from index.search.store import Store
from index.stores.builds.location import BuildsFolder
from tests.app.serving.test_live import built, name, until
from tests.hashing import HashingEncoder


class Shaky(BuildsFolder):
    """A folder of builds that is away as often as there are reasons."""

    reasons: ClassVar[list[str]] = []

    def open(self) -> Store:
        if self.reasons:
            raise Unavailable(self.reasons.pop())
        return super().open()


def test_what_was_away_when_it_had_changed_is_opened_again(
    folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = Live(Shaky(root), HashingEncoder)
    before = name(live)
    Shaky.reasons.append("the shelf cannot be reached. Wait")
    wanted = built(folder, root, {"sun.md": "The Sun is hot."})
    until(lambda: "The build opened before is shown meanwhile" in caplog.text or name(live) == wanted)
    assert name(live) == before
    until(lambda: name(live) == wanted)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert said == ["the shelf cannot be reached. Wait. The build opened before is shown meanwhile"]


def test_many_who_ask_for_a_view_at_once_share_it(shared_searcher: Searcher) -> None:
    made: list[frozenset[str]] = []

    def make(groups: frozenset[str]) -> Collection:
        made.append(groups)
        return Collection.of(shared_searcher)

    views, together, wanted = Views(make), Barrier(8), frozenset({"hr"})

    def asked(_: int) -> Collection:
        together.wait()
        return views(wanted)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(asked, range(8)))
    assert made == [wanted]
    assert all(view is found[0] for view in found)


def test_the_views_longest_unused_are_let_go_the_sooner_the_more_articles_each_has(shared_searcher: Searcher) -> None:
    made: list[frozenset[str]] = []

    def make(groups: frozenset[str]) -> Collection:
        made.append(groups)
        return Collection.of(shared_searcher)

    views = Views(make, 100_000)  # ten are kept
    sets = [frozenset({f"g{number}"}) for number in range(11)]
    for groups in [*sets[:10], sets[0], sets[10], sets[0], sets[1]]:
        views(groups)
    assert made == [*sets, sets[1]]


def test_nobody_waits_for_a_view_of_others(shared_searcher: Searcher) -> None:
    going, go = Event(), Event()

    def make(groups: frozenset[str]) -> Collection:
        if "slow" in groups:
            going.set()
            assert go.wait(60)
        return Collection.of(shared_searcher)

    views = Views(make)
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(views, frozenset({"slow"}))
        assert going.wait(60)
        views(frozenset({"quick"}))
        assert not slow.done()
        go.set()
