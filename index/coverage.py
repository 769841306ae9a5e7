"""The coverage proof: how much of the files' text lies in passages, what was left out and why, and what is lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import visible
from index.folder import Folder
from index.manifest import Coverage
from index.passages import Chunk
from index.reading import Reading


@dataclass(frozen=True, slots=True)
class Account:
    """Characters of one article's source: in passages, and neither there nor skipped for a reason."""

    in_passages: int
    lost: int


def account(reading: Reading, chunks: Sequence[Chunk]) -> Account:
    """What of an article lies in its passages; `chunks` are those in order, none over another."""
    text = reading.article.text
    edges = [0, *(edge for chunk in chunks for edge in chunk.span), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    covered = visible(text) - sum(visible(text[start:end]) for start, end in gaps if start < end)
    in_passages = covered - reading.repeated
    return Account(in_passages, max(0, reading.characters - sum(reading.skipped.values()) - in_passages))


def measure(found: Folder, chunks: Sequence[Sequence[Chunk]]) -> Coverage:
    """The coverage of a folder by the chunks of its articles, in order."""
    accounts = [account(reading, own) for reading, own in zip(found.readings, chunks, strict=True)]
    skipped = Counter[str]()
    for reading in found.readings:
        skipped.update(reading.skipped)
    return Coverage(
        files=files_read(found),
        lost_files=files_lost(found),
        articles=len(found.readings),
        characters=sum(reading.characters for reading in found.readings),
        in_passages=sum(one.in_passages for one in accounts),
        skipped=dict(skipped.most_common()),
        lost=sum(one.lost for one in accounts),
    )


def files_read(found: Folder) -> int:
    """How many files gave articles."""
    return len({reading.article.file for reading in found.readings})


def files_lost(found: Folder) -> int:
    """How many files are missing from the articles, whole or in part."""
    return len({problem.file for problem in found.problems if problem.lost})


def summary(coverage: Coverage) -> str:
    """The coverage in one line for people."""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in coverage.skipped.items())
    skipped = sum(coverage.skipped.values())
    return (
        f"files read {coverage.files:,}, lost {coverage.lost_files:,}; characters {coverage.characters:,}, "
        f"in passages {coverage.in_passages:,}, skipped {skipped:,}{f' ({reasons})' if reasons else ''}, "
        f"lost {coverage.lost:,}"
    )
