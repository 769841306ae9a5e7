"""One synthetic collection after the other in each store: to fill it, to keep it, to search it, what is found."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.scale.server import Indexing, taken
from eval.speed.competition import ARTICLES
from eval.speed.contender import Contender
from eval.speed.race import Say

SIZES = (10_000, 100_000, 1_000_000)
FOLDER, DATABASE = "folder of builds", "PostgreSQL"
_COMPARED = 100  # questions whose best passages are found one by one, too


@dataclass(frozen=True, slots=True)
class Place:
    """A store, and where it is."""

    store: str
    where: str


def grow(sizes: Sequence[int], dsn: str, questions: Sequence[str], work: Path, say: Say) -> Iterator[dict[str, Any]]:
    """A row for each size and store, as soon as it is measured.

    Without a `dsn` the folder alone is measured; what stands in that database goes. Raises Failed.
    """
    for size in sizes:
        source = build(size, work, say)
        with tempfile.TemporaryDirectory(dir=work) as folder:
            yield _row(size, source, Place(FOLDER, str(Path(folder) / "copy")), questions, say)
        if dsn:
            yield _row(size, source, Place(DATABASE, dsn), questions, say)


def build(size: int, work: Path, say: Say) -> Path:
    """The index of a synthetic collection below `work`, made there unless a whole one stands there already."""
    texts, index = work / f"texts-{size}", work / f"index-{size}"
    if _told(work, "whole", folder=str(index), passages=size)["whole"]:
        say(f"{size:,} passages: {index} is taken as it stands")
        return index
    say(f"{size:,} passages: they are made")
    for left in (texts, index):
        shutil.rmtree(left, ignore_errors=True)
    _told(work, "write", articles=str(ARTICLES), folder=str(texts), passages=size)
    made = _told(work, "make", articles=str(ARTICLES), source=str(texts), folder=str(index), synthetic=True)
    say(f"{size:,} passages: indexed in {made['build_s']:,.0f} s")
    return index


def _row(size: int, source: Path, place: Place, questions: Sequence[str], say: Say) -> dict[str, Any]:
    """Each part in a process of its own, so that none is charged with another's memory."""
    work, where, row = source.parent, place.where, dict[str, Any](passages=size, store=place.store)
    with ExitStack() as stack:
        indexing = stack.enter_context(Indexing(where)) if place.store == DATABASE else None
        row |= _told(work, "copy", source=str(source), target=where)
    say(f"{size:,} passages: {place.store} filled in {row['load_s']:,.0f} s")
    with _process(work, "ask") as asking:
        row |= asking.tell("ask", where=where, questions=list(questions))
        row |= {"index_s": indexing.seconds, **taken(where)} if indexing else {}  # while it is connected
    say(f"{size:,} passages: {place.store} searched, p50 {row['search'][0]:.1f} ms")
    row |= _told(work, "legs", where=where, source=str(source), questions=list(questions[:_COMPARED]))
    return row


def _told(work: Path, do: str, /, **values: Any) -> dict[str, Any]:
    with _process(work, do) as one:
        return one.tell(do, **values)


def _process(work: Path, do: str) -> Contender:
    return Contender(do, [sys.executable, "-m", "eval.scale.collection"], work / f"{do}.log")
