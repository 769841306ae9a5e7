"""The state of the server for a monitor, which asks without signing in."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from anyio import CapacityLimiter, to_thread

from app.answering.calibration import calibration_stamp
from app.answering.collection import Collection
from app.answering.decision import DEFAULT
from app.answering.pinned.leading import lost_pins
from app.answering.pinned.pins import pins_stamp
from app.settings import Settings
from app.watch import Watching
from index.reader.readers import NONE
from index.stores.certificate import standing
from index.stores.location import Location
from index.stores.notes import read_coverage


def health(
    whole: Callable[[], Collection], settings: Settings, watcher: Watching | None
) -> Callable[[], Awaitable[dict[str, object]]]:
    """The handler of `/healthz`, on a thread of its own. With access by groups it counts nothing and names no file."""
    is_open = not settings.groups_header

    certified, pins = _certified(whole, settings.index), _pins_of(whole, settings.index)

    def answer() -> dict[str, object]:
        collection = whole()
        searcher = collection.searcher
        manifest = searcher.manifest
        coverage = (read_coverage(settings.index) or manifest.coverage) if is_open else None
        return {
            "status": "ok",
            "build": manifest.name,
            "created": manifest.created,
            "encoder": manifest.identity.model,
            "reader": "on" if searcher.models.reader else "off" if settings.reader == NONE else "failed",
            "reranker": searcher.models.reranker.name if searcher.models.reranker else None,
            "calibrated": collection.rule != DEFAULT,
            "certificate": certified(manifest.name) if is_open else None,
            "articles": manifest.counts.articles if is_open else None,
            "incomplete": searcher.store.incomplete or None,
            "passages": manifest.counts.passages if is_open else None,
            "coverage": asdict(coverage) if coverage else None,
            "pins": pins(manifest.name) if is_open else None,
            "watch": {"state": watcher.state, "reason": watcher.reason if is_open else ""} if watcher else None,
        }

    own = CapacityLimiter(1)  # pages may keep all other threads busy

    async def answered() -> dict[str, object]:
        return await to_thread.run_sync(answer, limiter=own)

    return answered


def _certified(whole: Callable[[], Collection], index: Location) -> Callable[[str], dict[str, Any] | None]:
    """The certificate of the calibration that stands for a build."""

    @lru_cache(maxsize=1)
    def certified(build: str, stamp: int) -> dict[str, Any] | None:
        del build, stamp  # the certificate changes only with them
        searcher = whole().searcher
        found = standing(index, searcher.manifest.identity, searcher.articles)
        return found.to_json() if found else None

    return lambda build: certified(build, calibration_stamp(index))


def _pins_of(whole: Callable[[], Collection], index: Location) -> Callable[[str], dict[str, int]]:
    """The numbers of pins and of lost ones in a build, once a minute, as every pinned article is read for them."""

    @lru_cache(maxsize=1)
    def counted(build: str, stamp: int, minute: int) -> dict[str, int]:
        del build, stamp, minute
        collection = whole()
        lost = lost_pins(collection.pins, collection.searcher.articles, collection.freshness)
        return {"pinned": len(collection.pins.all), "lost": len(lost)}

    return lambda build: counted(build, pins_stamp(index), int(time.monotonic() // 60))
