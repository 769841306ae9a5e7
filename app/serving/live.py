"""The collection that answers: the live build of an index, followed when another one goes live."""

import logging
import threading
import time

from app.answering.calibration import calibration_stamp
from app.answering.collection import Collection, Groups
from index.encoder.encoder import LoadEncoder, load_encoder
from index.errors import Unavailable, UserError
from index.search.reranker import Reranker
from index.search.searcher import Searcher
from index.stores.address import LocationLike, open_location

_log = logging.getLogger(__name__)

_REST = 10  # how many times as long as opening took nothing is opened again: answers need the time
_LONGEST_REST = 30.0  # seconds
_PAUSE = 1.0  # seconds until a database that was away is opened again


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
        return Collection.calibrated(searcher, self._location)
