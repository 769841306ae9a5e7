"""The collection that answers: the live build of an index, followed when another one goes live."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

from app.answering.decision import DEFAULT, Rule, calibration_stamp, rule_of
from app.answering.sections import Sections
from index.articles.catalogue import EVERYONE
from index.encoder.encoder import LoadEncoder, load_encoder
from index.errors import Unavailable, UserError
from index.reading.freshness import Freshness
from index.search.reranker import Reranker
from index.search.searcher import Searcher
from index.stores.address import LocationLike, open_location

_log = logging.getLogger(__name__)


Groups: TypeAlias = frozenset[str] | None
"""The groups of whoever asks; None where access is not by groups, and everything is seen."""

_KEPT_VIEWS = 32  # of a collection, each for another set of the groups that its articles name
_REST = 10  # how many times as long as opening took nothing is opened again: answers need the time
_LONGEST_REST = 30.0  # seconds
_PAUSE = 1.0  # seconds until a database that was away is opened again


class Request(Protocol):
    """What asks for something, once `app.web.middleware.proxy.Grouped` has noted the groups of whoever sent it."""

    @property
    def state(self) -> Any:
        """What is known of it: `groups` among others."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One opened build with all that is asked of it; a request uses the one it began with to its end.

    `named` are the groups that its articles name, and `views` gives the collection as somebody of
    some of these sees it.
    """

    searcher: Searcher
    sections: Sections
    freshness: Freshness
    rule: Rule
    named: frozenset[str]
    views: Callable[[frozenset[str]], "Collection"]

    @classmethod
    def of(cls, searcher: Searcher, rule: Rule = DEFAULT) -> "Collection":
        """The collection that a searcher searches, and the rule that decides whether it answers."""
        return _collection(searcher, Freshness(searcher.manifest.folder), rule)

    def seen_by(self, groups: Groups) -> "Collection":
        """The same as somebody of these groups sees it: what they may not see is not there.

        Who has no group sees nothing. What counts are the groups that articles name, so that people
        of the same ones share what is kept for them.
        """
        if groups is None:
            return self
        return self.views((groups | {EVERYONE}) & self.named if groups else groups)


def _collection(searcher: Searcher, freshness: Freshness, rule: Rule) -> Collection:
    named = {name for names in searcher.articles.column("groups") for name in names or ()}
    # Of the collection itself it knows nothing: one that nobody asks any more must be let go at once.
    views = Views(partial(_view, searcher, freshness, rule))
    return Collection(searcher, Sections(searcher.articles), freshness, rule, frozenset(named), views)


def _view(searcher: Searcher, freshness: Freshness, rule: Rule, groups: frozenset[str]) -> Collection:
    return _collection(searcher.seen_by(groups), freshness, rule)


class Views:
    """The last views of a collection; each is made once, however many ask for it at a time."""

    def __init__(self, make: Callable[[frozenset[str]], Collection]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._kept: dict[frozenset[str], Collection] = {}

    def __call__(self, groups: frozenset[str]) -> Collection:
        """The view of somebody of these groups."""
        known = self._kept.get(groups)
        if known is None:
            with self._making:
                known = self._kept.get(groups) or self._make(groups)
                self._kept[groups] = known
                if len(self._kept) > _KEPT_VIEWS:
                    del self._kept[next(iter(self._kept))]
        return known


class Live:
    """The collection of an index's live build, its best hits ordered by the reranker if there is one.

    Threads may share it. Raises NoIndex, ForeignIndex, DamagedIndex, Unavailable or BadModel as `Searcher.open` does.
    """

    def __init__(self, where: LocationLike, load: LoadEncoder = load_encoder, reranker: Reranker | None = None) -> None:
        self._location = open_location(where)
        self._load = load
        self._stamp = self._newest()
        self._collection = self._opened(Searcher.open(self._location.open(), load).with_reranker(reranker))
        self._following = threading.Lock()
        self._due = 0.0  # when a newer build may be opened

    def current(self) -> Collection:
        """The newest collection that is open. A newer build or calibration is opened beside it; nobody waits."""
        due = self._newest() != self._stamp and time.monotonic() >= self._due
        if due and self._following.acquire(blocking=False):
            threading.Thread(target=self._follow, daemon=True).start()
        return self._collection

    def seen_by(self, groups: Groups) -> Collection:
        """The newest collection as somebody of these groups sees it."""
        return self.current().seen_by(groups)

    def _follow(self) -> None:
        """Open the live build; where it cannot be opened, the collection before it goes on answering."""
        before, began = self._stamp, time.monotonic()
        try:
            self._stamp = self._newest()
            searcher = self._collection.searcher
            if before[:-1] != self._stamp[:-1]:  # another build, not a calibration alone
                searcher = searcher.reopened(self._location.open(), self._load)
            self._collection = self._opened(searcher)
            self._due = time.monotonic() + min(_REST * (time.monotonic() - began), _LONGEST_REST)
        except Unavailable as error:
            self._stamp, self._due = before, time.monotonic() + _PAUSE
            _log.error("%s. What was opened before is shown meanwhile", error)
        except UserError as error:
            _log.error("the new build is not used: %s", error)
        finally:
            self._following.release()

    def _newest(self) -> tuple[int, ...]:
        return *self._location.stamp(), calibration_stamp(self._location)

    def _opened(self, searcher: Searcher) -> Collection:
        return Collection.of(searcher, rule_of(self._location, searcher.manifest.identity))
