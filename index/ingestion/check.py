"""Check of a folder, file by file, as a build would read it; nothing is encoded or written."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from index.articles.article import Article
from index.articles.succession import resolved
from index.encoder.encoder import Encoder
from index.ingestion.coverage import account, folder_coverage, summary, total
from index.ingestion.manifest import Coverage
from index.ingestion.near_duplicates import near_duplicates
from index.ingestion.pipeline import chunk_articles
from index.passages.chunking import Chunking
from index.reading.files import MAX_FILE_BYTES, RECORDS
from index.reading.folder import read_folder
from index.reading.formats.programs import NONE, Programs
from index.reading.loader import Reading
from index.reading.places.folders import Where
from index.reading.places.reader import Problem

_Part: TypeAlias = tuple[Reading, Coverage, tuple[str, float]]  # an article of a file with its near-duplicate
_METADATA = ("title", "publisher", "published", "language")


@dataclass(frozen=True, slots=True)
class ArticleCheck:
    """An article's metadata, empty if unknown, and its near-duplicate, if any."""

    id: str
    title: str
    publisher: str
    published: str
    language: str
    same_as: str = ""
    similarity: float = 0.0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The account of a file in visible characters, and its problems.

    `lost` counts characters that are neither in passages nor skipped; `problems` list other missing
    parts, `notes` anything else worth knowing.
    """

    file: str
    read: bool
    format: str
    encoding: str
    doubtful: bool
    characters: int
    in_passages: int
    skipped: dict[str, int]
    lost: int
    pages: int
    blank_pages: dict[int, str]
    problems: list[str]
    notes: list[str]
    articles: list[ArticleCheck]


@dataclass(frozen=True, slots=True)
class Check:
    """Every file of a folder by name, and their total.

    `ungrouped` counts articles without groups, `kinds` the files that were passed over, by kind.
    """

    files: list[FileCheck]
    coverage: Coverage
    ignored: int
    ungrouped: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is lost."""
        return not self.coverage.lost and not self.coverage.lost_files

    def to_json(self) -> dict[str, Any]:
        """The check as `index check --json` prints it."""
        return {**dataclasses.asdict(self), "whole": self.is_whole}


def check_folder(
    folder: Where,
    encoder: Encoder,
    chunking: Chunking | None = None,
    max_file_bytes: int = MAX_FILE_BYTES,
    programs: Programs = NONE,
) -> Check:
    """The check of a folder or several, read and split as by a build. Raises BadFolder."""
    read = read_folder(folder, max_file_bytes, programs=programs)
    accounts = list(map(account, read.readings, chunk_articles(read.articles, encoder, chunking or Chunking())))
    files = defaultdict[str, list[_Part]](list)
    for part in zip(read.readings, accounts, _same(read.articles), strict=True):
        files[part[0].article.file].append(part)
    for problem in read.problems:
        files[problem.file]  # a file may have problems alone
    problems = defaultdict[str, list[Problem]](list)
    for problem in (*read.problems, *_superseding_nothing(read.articles)):
        problems[problem.file].append(problem)
    checks = [_file(name, problems[name], files[name]) for name in sorted(files)]
    ungrouped = sum(not article.groups for article in read.articles)
    return Check(checks, folder_coverage(read, accounts), read.ignored, ungrouped, read.kinds)


def table(check: Check) -> Iterator[str]:
    """The check as lines for people: a row for each file with its remarks, and the total."""
    yield f"{'read':<4} {'format':<6} {'encoding':<10} {'characters':>10} {'in passages':>11} {'lost':>6}  found  file"
    for file in check.files:
        read = "part" if file.read and file.problems else "yes" if file.read else "no"
        numbers = f"{file.characters:>10,} {file.in_passages:>11,} {file.lost:>6,}"
        encoding = f"{file.encoding}{'?' if file.doubtful else ''}"
        yield f"{read:<4} {file.format:<6} {encoding:<10} {numbers}  {_fields(file):<5}  {file.file}"
        yield from (f"       {line}" for line in _remarks(file))
    yield summary(check.coverage)
    yield f"articles that name no group: {check.ungrouped:,} of {check.coverage.articles:,}"
    if check.ignored:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(check.kinds.items()))
        yield f"files of other kinds passed over: {check.ignored:,} ({kinds})"


def _same(articles: Sequence[Article]) -> list[tuple[str, float]]:
    duplicates = near_duplicates([article.text for article in articles])
    return [(_name(articles[other[0]]), other[1]) if other else ("", 0.0) for other in duplicates]


def _superseding_nothing(articles: Sequence[Article]) -> list[Problem]:
    """A note for each name in `supersedes` that no other article has."""
    fields = [(article.id, article.title, article.supersedes, article.file) for article in articles]
    ids, titles, named, files = zip(*fields, strict=True)
    _, unknown = resolved(ids, titles, named)
    reason = "supersedes {!r}, which is the id or title of no other article"
    return [Problem(files[row], reason.format(name[:60]), lost=False) for row, name in unknown]


def _name(article: Article) -> str:
    return article.id if article.file.endswith(RECORDS) else article.file


def _file(name: str, problems: Sequence[Problem], parts: Sequence[_Part]) -> FileCheck:
    readings = [reading for reading, _, _ in parts]
    counts = total(coverage for _, coverage, _ in parts)
    return FileCheck(
        file=name,
        read=bool(readings),
        format=readings[0].format if readings else Path(name).suffix[1:].lower(),
        encoding=readings[0].encoding if readings else "",
        doubtful=any(reading.doubtful for reading in readings),
        characters=counts.characters,
        in_passages=counts.in_passages,
        skipped=counts.skipped,
        lost=counts.lost,
        pages=sum(len(reading.article.pages) for reading in readings),
        blank_pages={page: content for reading in readings for page, content in reading.blank_pages.items()},
        problems=[problem.reason for problem in problems if problem.lost],
        notes=[problem.reason for problem in problems if not problem.lost],
        articles=[_article(reading.article, *same) for reading, _, same in parts],
    )


def _article(article: Article, same_as: str, similarity: float) -> ArticleCheck:
    title = "" if article.title == article.id.rstrip("/").rsplit("/", 1)[-1] else article.title
    fields = (article.id, title, article.publisher, article.published, article.language)
    return ArticleCheck(*fields, same_as, similarity, article.groups)


def _fields(file: FileCheck) -> str:
    """A letter for each field that every article of the file has: title, publisher, date, language."""
    known = [file.articles and all(getattr(article, name) for article in file.articles) for name in _METADATA]
    return "".join(letter if has else "-" for letter, has in zip("TPDL", known, strict=True))


def _remarks(file: FileCheck) -> Iterator[str]:
    yield from (f"not read: {problem}" for problem in file.problems)
    yield from file.notes
    yield from (f"skipped {count:,}: {reason}" for reason, count in file.skipped.items())
    for article in file.articles:
        if article.same_as:
            how = "same text as" if article.similarity == 1 else f"{article.similarity:.0%} the same as"
            which = f"{article.id}: " if len(file.articles) > 1 else ""
            yield f"{which}{how} {article.same_as}"
