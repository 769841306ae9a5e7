"""The measures as text for Prometheus, with the state of the index at this moment."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.answering.collection import Collection
from app.metrics.measures import measures
from app.metrics.shared import VARIABLE, forget_ended
from app.watch import Watching
from index.stores.location import Location
from index.stores.notes import read_coverage


class IndexState(Collector):
    """The state of the live build, and of its watcher if there is one."""

    def __init__(self, whole: Callable[[], Collection], location: Location, watcher: Watching | None) -> None:
        self._whole, self._location, self._watcher = whole, location, watcher

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        searcher = self._whole().searcher
        manifest = searcher.manifest
        age = (datetime.now(UTC) - datetime.fromisoformat(manifest.created)).total_seconds()
        yield GaugeMetricFamily("citewell_build_age_seconds", "Seconds since the live build was made.", age)
        yield GaugeMetricFamily("citewell_articles", "Articles of the live build.", manifest.counts.articles)
        yield GaugeMetricFamily("citewell_passages", "Passages of the live build.", manifest.counts.passages)
        reader = float(searcher.models.reader is not None)
        yield GaugeMetricFamily("citewell_reader_on", "1 if the reader reads.", reader)
        if coverage := read_coverage(self._location) or manifest.coverage:
            text = "Visible characters of the files, by what became of them."
            characters = GaugeMetricFamily("citewell_coverage_characters", text, labels=["part"])
            skipped = sum(coverage.skipped.values())
            for part, count in (("in_passages", coverage.in_passages), ("skipped", skipped), ("lost", coverage.lost)):
                characters.add_metric([part], count)
            yield characters
            yield GaugeMetricFamily("citewell_lost_files", "Files that could not be read.", coverage.lost_files)
        if self._watcher:
            failed = float(self._watcher.state == "failed")
            yield GaugeMetricFamily("citewell_watch_failed", "1 if the last build of the watcher failed.", failed)


def exposition(state: IndexState) -> bytes:
    """The text: counts and times of all workers, and the state of the index."""
    registry = CollectorRegistry()
    if folder := os.environ.get(VARIABLE):
        forget_ended(Path(folder))
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(state)
    return generate_latest(registry if folder else measures().registry) + generate_latest(now)
