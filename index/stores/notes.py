"""Notes: small documents beside the content of an index. One is the coverage of the last build.

It is kept also where nothing had changed and no new build was made.
"""

import json
from dataclasses import asdict
from typing import Protocol

from index.ingestion.coverage import added
from index.ingestion.manifest import Coverage
from index.reading.shards import Shard

COVERAGE = "coverage.json"


class Notes(Protocol):
    """Small documents by name; the text of a place that keeps them is for people."""

    def read_note(self, name: str) -> str | None:
        """The content of a note, None without one. Raises OSError or ValueError where it cannot be read."""

    def write_note(self, name: str, content: str) -> None:
        """Write or replace a note. Raises OSError or Unavailable."""

    def note_stamp(self, name: str) -> int:
        """A number that changes whenever the note is written; 0 without one."""


def write_last(notes: Notes, coverage: Coverage) -> None:
    """Keep what a build has read. Call it while nobody else may write there."""
    notes.write_note(COVERAGE, json.dumps(asdict(coverage), ensure_ascii=False, indent=1))


def read_last(notes: Notes) -> Coverage | None:
    """What the last build has read, None where that is not known."""
    try:
        return Coverage(**json.loads(notes.read_note(COVERAGE) or ""))
    except (OSError, ValueError, TypeError):
        return None


def coverage_stamp(notes: Notes) -> int:
    """What changes whenever `read_last` does; 0 where it is not known."""
    return notes.note_stamp(COVERAGE)


def write_part(notes: Notes, shard: Shard, coverage: Coverage, articles: str) -> None:
    """Keep what a worker has read of its shard, and the sum once that is known of every shard.

    `articles` is what `read_part` is to tell whether the articles are still the same by.
    """
    content = {"articles": articles, "coverage": asdict(coverage)}
    notes.write_note(_part(shard), json.dumps(content, ensure_ascii=False, indent=1))
    found = []
    for other in Shard.all(shard.count):
        if (part := read_part(notes, other)) is None:
            return
        found.append(part[1])
    write_last(notes, added(found))


def read_part(notes: Notes, shard: Shard) -> tuple[str, Coverage] | None:
    """The articles that a worker last read of its shard, and their coverage; None where that is not known."""
    try:
        content = json.loads(notes.read_note(_part(shard)) or "")
        return str(content["articles"]), Coverage(**content["coverage"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _part(shard: Shard) -> str:
    return f"coverage-{shard.index}-of-{shard.count}.json"
