"""Coverage of a build: characters of the files' text in passages, skipped for a reason, or lost."""

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
    """Characters of an article's source in passages, and lost (neither in passages nor skipped)."""

    in_passages: int
    lost: int


def account(reading: Reading, chunks: Sequence[Chunk]) -> Account:
    """The account of an article with these chunks, in order and without overlap."""
    text = reading.article.text
    edges = [0, *(edge for chunk in chunks for edge in chunk.span), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    covered = visible(text) - sum(visible(text[start:end]) for start, end in gaps if start < end)
    in_passages = covered - reading.repeated
    return Account(in_passages, max(0, reading.characters - sum(reading.skipped.values()) - in_passages))


class Tally:
    """The coverage of a folder, summed article by article."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._skipped = Counter[str]()
        self._characters = self._in_passages = self._lost = 0

    def of(self, chunks: Iterable[Sequence[Chunk]]) -> Iterator[Sequence[Chunk]]:
        """The chunks of each article, in order, counted as they pass."""
        for reading, article_chunks in zip(self._folder.readings, chunks, strict=True):
            counts = account(reading, article_chunks)
            self._skipped.update(reading.skipped)
            self._characters += reading.characters
            self._in_passages += counts.in_passages
            self._lost += counts.lost
            yield article_chunks

    def coverage(self) -> Coverage:
        """The total, once all articles have passed."""
        return Coverage(
            files=self._folder.files,
            lost_files=files_lost(self._folder.problems),
            articles=len(self._folder.readings),
            characters=self._characters,
            in_passages=self._in_passages,
            skipped=dict(self._skipped.most_common()),
            lost=self._lost,
        )


def total(parts: Iterable[Coverage]) -> Coverage:
    """The sum of several coverages."""
    coverages = list(parts)
    skipped = sum((Counter(part.skipped) for part in coverages), Counter[str]())
    return Coverage(
        files=sum(part.files for part in coverages),
        lost_files=sum(part.lost_files for part in coverages),
        articles=sum(part.articles for part in coverages),
        characters=sum(part.characters for part in coverages),
        in_passages=sum(part.in_passages for part in coverages),
        skipped=dict(skipped.most_common()),
        lost=sum(part.lost for part in coverages),
    )


def files_lost(problems: Iterable[Problem]) -> int:
    """The number of files that are missing from the articles, whole or in part."""
    return len({problem.file for problem in problems if problem.lost})


def summary(coverage: Coverage) -> str:
    """The coverage as a line for people."""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in coverage.skipped.items())
    skipped = sum(coverage.skipped.values())
    return (
        f"files read {coverage.files:,}, lost {coverage.lost_files:,}; characters {coverage.characters:,}, "
        f"in passages {coverage.in_passages:,}, skipped {skipped:,}{f' ({reasons})' if reasons else ''}, "
        f"lost {coverage.lost:,}"
    )
