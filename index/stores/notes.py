"""What the last build read of its folder, also where that made no other build: kept beside the content."""

import json
from dataclasses import asdict

from index.ingestion.coverage import added
from index.ingestion.manifest import Coverage
from index.reading.shards import Shard
from index.stores.location import Where, located

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


def coverage_stamp(where: Where) -> int:
    """What changes whenever `read_last` does; 0 where it is not known."""
    return located(where).note_stamp(_NOTE)


def write_part(where: Where, shard: Shard, coverage: Coverage, articles: str) -> None:
    """Keep what a worker has read of its shard, and the sum once that is known of every shard.

    `articles` is what `read_part` is to tell whether the articles are still the same by.
    """
    location = located(where)
    content = {"articles": articles, "coverage": asdict(coverage)}
    location.write_note(_part(shard), json.dumps(content, ensure_ascii=False, indent=1))
    found = []
    for other in Shard.all(shard.count):
        if (part := read_part(location, other)) is None:
            return
        found.append(part[1])
    write_last(location, added(found))


def read_part(where: Where, shard: Shard) -> tuple[str, Coverage] | None:
    """The articles that a worker last read of its shard, and their coverage; None where that is not known."""
    try:
        content = json.loads(located(where).read_note(_part(shard)) or "")
        return str(content["articles"]), Coverage(**content["coverage"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _part(shard: Shard) -> str:
    return f"coverage-{shard.index}-of-{shard.count}.json"
