"""One synthetic collection after the other in each store: to fill it, to keep it, to search it, what is found."""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.scale.server import Indexing, taken
from eval.speed.contender import Contender
from eval.speed.contenders.competition import ARTICLES
from eval.speed.contenders.race import Say
from eval.speed.growth.scaling import COMPARED

SIZES = (10_000, 100_000, 1_000_000)
FOLDER, DATABASE = "folder of builds", "PostgreSQL"


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
        source, made = build(size, work, say)
        yield {**made, **_row(size, source, Place(FOLDER, str(source)), questions, say)}
        if dsn:
            filled = _filled(size, source, dsn, say)
            yield {**filled, **_row(size, source, Place(DATABASE, dsn), questions, say)}


def build(size: int, work: Path, say: Say) -> tuple[Path, dict[str, Any]]:
    """The index of a synthetic collection below `work`, made there unless a whole one stands there already.

    And what that took, as it was measured then.
    """
    texts, index, told = (work / f"{kind}-{size}" for kind in ("texts", "index", "made"))
    if told.exists() and _told(work, "whole", folder=str(index), passages=size)["whole"]:
        say(f"{size:,} passages: {index} is taken as it stands")
        return index, json.loads(told.read_text("utf-8"))
    say(f"{size:,} passages: they are made")
    for left in (texts, index):
        shutil.rmtree(left, ignore_errors=True)
    _told(work, "write", articles=str(ARTICLES), folder=str(texts), passages=size)
    made = _told(work, "make", articles=str(ARTICLES), source=str(texts), folder=str(index), synthetic=True)
    row = {"load_s": made["build_s"], "load_mb": made["build_mb"], "disk_mb": made["disk_mb"]}
    told.write_text(json.dumps(row), "utf-8")
    say(f"{size:,} passages: {FOLDER} filled in {row['load_s']:,.0f} s")
    return index, row


def _filled(size: int, source: Path, dsn: str, say: Say) -> dict[str, Any]:
    """What it takes to fill a database with what a build holds."""
    with Indexing(dsn) as indexing:
        row = _told(source.parent, "copy", source=str(source), target=dsn)
    say(f"{size:,} passages: {DATABASE} filled in {row['load_s']:,.0f} s")
    return {**row, "index_s": indexing.seconds}


def _row(size: int, source: Path, place: Place, questions: Sequence[str], say: Say) -> dict[str, Any]:
    """Each part in a process of its own, so that none is charged with another's memory."""
    work, where, row = source.parent, place.where, dict[str, Any](passages=size, store=place.store)
    with _process(work, "ask") as asking:
        row |= asking.tell("ask", where=where, questions=list(questions))
        row |= taken(where) if place.store == DATABASE else {}  # while it is connected
    say(f"{size:,} passages: {place.store} searched, p50 {row['search'][0]:.1f} ms")
    row |= _told(work, "legs", where=where, source=str(source), questions=list(questions[:COMPARED]))
    return row


def _told(work: Path, do: str, /, **values: Any) -> dict[str, Any]:
    with _process(work, do) as one:
        return one.tell(do, **values)


def _process(work: Path, do: str) -> Contender:
    return Contender(do, [sys.executable, "-m", "eval.scale.collection"], work / f"{do}.log")
