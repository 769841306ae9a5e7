"""The collection of the live build, reopened when another build goes live."""

import logging
import threading
import time

from app.answering.calibration import calibration_stamp
from app.answering.collection import Collection, Groups
from app.answering.pinned.leading import log_lost_pins
from app.answering.pinned.pins import pins_stamp
from app.settings import Settings
from index.encoder.encoder import LoadEncoder, load_encoder
from index.errors import Unavailable, UserError
from index.search.models import NO_MODELS, Models, chosen_models
from index.search.searcher import Searcher
from index.stores.address import LocationLike, open_location

_log = logging.getLogger(__name__)

_REST = 10  # the next opening waits this many times as long as the last took, as answers need the time
_LONGEST_REST = 30.0  # seconds
_NOTES = 2  # stamps of notes behind that of the build
_PAUSE = 1.0  # seconds until the next try if a database is unavailable


class Live:
    """The collection of an index's live build; threads may share it. The `models` read the best hits.

    Raises NoIndex, ForeignIndex, DamagedIndex, Unavailable or BadModel as `Searcher.open` does.
    """

    def __init__(self, where: LocationLike, load: LoadEncoder = load_encoder, models: Models = NO_MODELS) -> None:
        self._location = open_location(where)
        self._load = load
        self._stamp = self._newest()
        searcher = Searcher.open(self._location.open(), load).with_models(models)
        self._collection = self._calibrated(searcher)
        self._following = threading.Lock()
        self._due = 0.0  # the earliest time to open a newer build

    @classmethod
    def of(cls, settings: Settings) -> "Live":
        """The collection of these settings, its encoder and reader measured if they say so."""
        models = chosen_models(settings.reader, settings.reranker)
        if not settings.metrics:
            return cls(settings.index, models=models)
        from app.metrics.models import timed_encoder, timed_models

        return cls(settings.index, timed_encoder, timed_models(models))

    def current(self) -> Collection:
        """The open collection. A newer build, calibration or pin is opened in the background, without a wait."""
        due = self._newest() != self._stamp and time.monotonic() >= self._due
        if due and self._following.acquire(blocking=False):
            threading.Thread(target=self._follow, daemon=True).start()
        return self._collection

    def seen_by(self, groups: Groups) -> Collection:
        """The open collection as members of these groups see it."""
        return self.current().seen_by(groups)

    def _follow(self) -> None:
        """Open the live build; if that fails, the previous collection goes on answering."""
        before, began = self._stamp, time.monotonic()
        try:
            self._stamp = self._newest()
            searcher = self._collection.searcher
            if before[:-_NOTES] != self._stamp[:-_NOTES]:  # another build, not only another calibration or pin
                searcher = searcher.reopened(self._location.open(), self._load)
            self._collection = self._calibrated(searcher)
            self._due = time.monotonic() + min(_REST * (time.monotonic() - began), _LONGEST_REST)
        except Unavailable as error:
            self._stamp, self._due = before, time.monotonic() + _PAUSE
            _log.error("%s. The build opened before is shown meanwhile", error)
        except UserError as error:
            _log.error("the new build is not used: %s", error)
        finally:
            self._following.release()

    def _calibrated(self, searcher: Searcher) -> Collection:
        collection = Collection.calibrated(searcher, self._location)
        log_lost_pins(collection.pins, searcher.articles, collection.freshness)
        return collection

    def _newest(self) -> tuple[int, ...]:
        return *self._location.stamp(), calibration_stamp(self._location), pins_stamp(self._location)
