"""The collection that answers: the live build of an index, followed when another one goes live."""

import logging
import threading
from dataclasses import dataclass

from app.decision import DEFAULT, Rule, calibration_stamp, rule_of
from app.section import Sections
from index.encoder import LoadEncoder, load_encoder
from index.errors import UserError
from index.freshness import Freshness
from index.location import Where, located
from index.reranker import Reranker
from index.search import Searcher

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collection:
    """One opened build with all that is asked of it; a request uses the one it began with to its end."""

    searcher: Searcher
    sections: Sections
    freshness: Freshness
    rule: Rule = DEFAULT

    @classmethod
    def of(cls, searcher: Searcher, rule: Rule = DEFAULT) -> "Collection":
        """The collection that a searcher searches, and the rule that decides whether it answers."""
        return cls(searcher, Sections(searcher.articles), Freshness.of(searcher.manifest), rule)


class Live:
    """The collection of an index's live build, its best hits ordered by the reranker if there is one.

    Threads may share it. Raises NoIndex, ForeignIndex, DamagedIndex, Unavailable or BadModel as `Searcher.open` does.
    """

    def __init__(self, where: Where, load: LoadEncoder = load_encoder, reranker: Reranker | None = None) -> None:
        self._location = located(where)
        self._load = load
        self._stamp = self._newest()
        self._collection = self._opened(Searcher.open(self._location, load).with_reranker(reranker))
        self._following = threading.Lock()

    def current(self) -> Collection:
        """The newest collection that is open. A newer build or calibration is opened beside it; nobody waits."""
        if self._newest() != self._stamp and self._following.acquire(blocking=False):
            threading.Thread(target=self._follow, daemon=True).start()
        return self._collection

    def _follow(self) -> None:
        """Open the live build; where it cannot be opened, the collection before it goes on answering."""
        try:
            before, self._stamp = self._stamp, self._newest()
            searcher = self._collection.searcher
            if before[:-1] != self._stamp[:-1]:  # another build, not a calibration alone
                searcher = searcher.reopened(self._location, self._load)
            self._collection = self._opened(searcher)
        except UserError as error:
            _log.error("the new build is not used: %s", error)
        finally:
            self._following.release()

    def _newest(self) -> tuple[int, ...]:
        return *self._location.stamp(), calibration_stamp(self._location)

    def _opened(self, searcher: Searcher) -> Collection:
        return Collection.of(searcher, rule_of(self._location, searcher.manifest.identity))
