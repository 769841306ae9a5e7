"""What the last build read of its folder, also where that made no other build: one file beside the builds."""

import json
from dataclasses import asdict
from pathlib import Path

from index.manifest import Coverage

_FILE = "coverage.json"


def write_last(root: Path, coverage: Coverage) -> None:
    """Keep what a build has read. Call it inside `writing`."""
    fresh = root / f"{_FILE}.new"
    fresh.write_text(json.dumps(asdict(coverage), ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(root / _FILE)


def read_last(root: Path) -> Coverage | None:
    """What the last build has read, None where that is not known."""
    try:
        return Coverage(**json.loads((root / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
