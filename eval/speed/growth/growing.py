"""The cost of a synthetic collection: time to build, disk, time to open, memory, time to answer, recall."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from eval.speed.contender import module, told
from eval.speed.contenders.competition import ARTICLES
from eval.speed.contenders.race import Say

SIZES = (1_000, 10_000, 100_000)
_REAL_UP_TO = 10_000  # passages encoded by the real encoder; with more the vectors are synthetic
_COMPARED = 100  # questions whose best passages are looked for by comparing all


def scale(sizes: Sequence[int], questions: Sequence[str], work: Path, say: Say) -> Iterator[dict[str, Any]]:
    """A row for each size, as soon as it is measured. Raises Failed."""
    for size in sizes:
        synthetic = size > _REAL_UP_TO
        index, made = build(size, work, say, synthetic=synthetic)
        yield {"vectors": "synthetic" if synthetic else "real", **made, **measure(str(index), index, questions)}


@cache
def build(size: int, work: Path, say: Say, *, synthetic: bool = True) -> tuple[Path, dict[str, Any]]:
    """The index of a synthetic collection below `work`, made once, and the cost of making it. Raises Failed."""
    texts, index = (work / f"{part}-{size}-{'synthetic' if synthetic else 'real'}" for part in ("texts", "index"))
    say(f"{size:,} passages: they are made")
    perform(work, "write", articles=str(ARTICLES), folder=str(texts), passages=size)
    source = {"articles": str(ARTICLES), "source": str(texts), "folder": str(index)}
    made = perform(work, "make", **source, synthetic=synthetic)
    say(f"{size:,} passages: built in {made['load_s']:,.1f} s")
    return index, made


def measure(where: str, source: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The figures of asking a store that holds the same as the build `source`. Raises Failed."""
    asked = perform(source.parent, "ask", where=where, questions=list(questions))
    compared = list(questions[:_COMPARED])
    return asked | perform(source.parent, "recall", where=where, source=str(source), questions=compared)


def perform(work: Path, do: str, /, **values: Any) -> dict[str, Any]:
    """The reply of an action of `collection.py`, in a process of its own. Raises Failed."""
    return told(module("growth.collection"), work / f"{do}.log", do, **values)
