"""The coverage proof: how much of the files' text lies in passages, what was left out and why, and what is lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.articles.article import visible
from index.ingestion.manifest import Coverage
from index.passages.chunking import Chunk
from index.reading.folder import Folder, Problem
from index.reading.loader import Reading


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


class Tally:
    """The coverage of a folder, summed up article by article."""

    def __init__(self, found: Folder) -> None:
        self._found = found
        self._skipped = Counter[str]()
        self._characters = self._in_passages = self._lost = 0

    def of(self, chunks: Iterable[Sequence[Chunk]]) -> Iterator[Sequence[Chunk]]:
        """The chunks of each article, in order, counted as they pass."""
        for reading, own in zip(self._found.readings, chunks, strict=True):
            one = account(reading, own)
            self._skipped.update(reading.skipped)
            self._characters += reading.characters
            self._in_passages += one.in_passages
            self._lost += one.lost
            yield own

    def coverage(self) -> Coverage:
        """The sum, once all have passed."""
        return Coverage(
            files=self._found.files,
            lost_files=files_lost(self._found.problems),
            articles=len(self._found.readings),
            characters=self._characters,
            in_passages=self._in_passages,
            skipped=dict(self._skipped.most_common()),
            lost=self._lost,
        )


def added(parts: Iterable[Coverage]) -> Coverage:
    """The coverage of the parts together."""
    every = list(parts)
    skipped = sum((Counter(part.skipped) for part in every), Counter[str]())
    return Coverage(
        files=sum(part.files for part in every),
        lost_files=sum(part.lost_files for part in every),
        articles=sum(part.articles for part in every),
        characters=sum(part.characters for part in every),
        in_passages=sum(part.in_passages for part in every),
        skipped=dict(skipped.most_common()),
        lost=sum(part.lost for part in every),
    )


def files_lost(problems: Iterable[Problem]) -> int:
    """How many files are missing from the articles, whole or in part."""
    return len({problem.file for problem in problems if problem.lost})


def summary(coverage: Coverage) -> str:
    """The coverage in one line for people."""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in coverage.skipped.items())
    skipped = sum(coverage.skipped.values())
    return (
        f"files read {coverage.files:,}, lost {coverage.lost_files:,}; characters {coverage.characters:,}, "
        f"in passages {coverage.in_passages:,}, skipped {skipped:,}{f' ({reasons})' if reasons else ''}, "
        f"lost {coverage.lost:,}"
    )
