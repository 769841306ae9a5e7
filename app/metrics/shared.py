"""The folder in which the workers of one socket keep their counts, so that any of them can give the sum."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # the client reads it when it is imported
_GAUGE = re.compile(r"gauge_live\w*?_(\d+)\.db")


@contextmanager
def shared() -> Iterator[None]:
    """Have the processes that start meanwhile share their counts."""
    with tempfile.TemporaryDirectory(prefix="citewell-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]


def forget_ended(folder: Path) -> None:
    """Remove the gauges of workers that have ended; their counts stay."""
    for path in folder.iterdir():
        if (match := _GAUGE.fullmatch(path.name)) and not Path("/proc", match[1]).exists():
            path.unlink(missing_ok=True)
