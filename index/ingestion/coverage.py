"""Coverage of a build: characters of the files' text in passages, skipped for a reason, or lost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from index.articles.article import visible
from index.ingestion.manifest import Coverage
from index.passages.chunking import Chunk
from index.reading.folder import Folder
from index.reading.loader import Reading
from index.reading.places.reader import Problem


def account(reading: Reading, chunks: Sequence[Chunk]) -> Coverage:
    """The coverage of one article with these chunks, in order and without overlap; its file is not counted."""
    text = reading.article.text
    edges = [0, *(edge for chunk in chunks for edge in chunk.span), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    covered = visible(text) - sum(visible(text[start:end]) for start, end in gaps if start < end)
    in_passages, skipped = covered - reading.repeated, dict(reading.skipped)
    lost = max(0, reading.characters - sum(skipped.values()) - in_passages)
    return Coverage(0, 0, 1, reading.characters, in_passages, skipped, lost)


def total(parts: Iterable[Coverage]) -> Coverage:
    """The sum of several coverages."""
    skipped, numbers = (
        Counter[str](),
        Counter[str](files=0, lost_files=0, articles=0, characters=0, in_passages=0, lost=0),
    )
    for part in parts:
        fields = asdict(part)
        skipped.update(fields.pop("skipped"))
        numbers.update(fields)
    return Coverage(**numbers, skipped=dict(skipped.most_common()))


def folder_coverage(folder: Folder, articles: Iterable[Coverage]) -> Coverage:
    """The coverage of a folder with these articles."""
    return replace(total(articles), files=folder.files, lost_files=files_lost(folder.problems))


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
