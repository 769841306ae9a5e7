"""What the last build read of its folder, also where that made no other build: kept beside the content."""

import json
from dataclasses import asdict

from index.location import Where, located
from index.manifest import Coverage

_NOTE = "coverage.json"


def write_last(where: Where, coverage: Coverage) -> None:
    """Keep what a build has read. Call it while nobody else may write there."""
    located(where).write_note(_NOTE, json.dumps(asdict(coverage), ensure_ascii=False, indent=1))


def read_last(where: Where) -> Coverage | None:
    """What the last build has read, None where that is not known."""
    try:
        return Coverage(**json.loads(located(where).read_note(_NOTE) or ""))
    except (OSError, ValueError, TypeError):
        return None
