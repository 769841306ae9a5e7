"""A folder of articles: its files, the articles in them, and the problems with other files."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from index.arrays import Lazy
from index.articles.article import Article
from index.errors import BadArticle, BadFolder, EmptyArticle
from index.reading.access import Inherited
from index.reading.files import BARE_SUFFIXES, MAX_FILE_BYTES, RECORDS, file_bytes
from index.reading.formats.adapters import BYTES_FORMATS, CONTAINERS, SUFFIXES
from index.reading.formats.extract import Member
from index.reading.formats.members import suffix_of, unfolded
from index.reading.formats.parsers import Parsers
from index.reading.formats.programs import NONE, Programs
from index.reading.loader import Reading, read_article, read_records
from index.reading.shards import WHOLE, Shard
from index.reading.spool import Spool
from index.reading.synonyms import FILE as SYNONYMS
from index.reading.synonyms import Synonyms, read_synonyms
from index.reading.walk import IGNORE, passed_over, walk


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a file, or a part of its metadata, is not in the index. `lost`: its text is missing."""

    file: str
    reason: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """The readings of a folder, sorted by article id, and its problems.

    Texts are read from disk on demand.
    """

    readings: Sequence[Reading]
    problems: list[Problem] = field(default_factory=list)
    files: int = 0  # files with articles
    kinds: Mapping[str, int] = field(default_factory=dict)  # files that were passed over, by kind
    unread: tuple[str, ...] = ()  # subfolders that could not be read
    synonyms: Synonyms = ()

    @property
    def ignored(self) -> int:
        """The number of files that were passed over."""
        return sum(self.kinds.values())

    def knows(self, file: str) -> bool:
        """Whether the existence of a file at this path is known."""
        return not any(name == "." or file.startswith(f"{name}/") for name in self.unread)

    @property
    def articles(self) -> Sequence[Article]:
        """The articles sorted by id."""
        return Lazy(len(self.readings), lambda row: self.readings[row].article)


def read_folder(
    folder: Path, max_file_bytes: int = MAX_FILE_BYTES, shard: Shard = WHOLE, programs: Programs = NONE
) -> Folder:
    """Read every article of the shard below `folder`, without hidden files and folders.

    A bad file never stops the others. Raises BadFolder if the folder is missing or has no
    article; one shard of several may have no article. Raises UserError if one of the `programs` is not installed.
    """
    _check_there(folder)
    programs.check()
    found = walk(folder)
    candidates, unread = found.candidates, found.unread
    problems = [Problem(_printable(name), reason, lost=True) for name, reason in found.problems]
    problems += [Problem(IGNORE, reason, lost=False) for reason in found.faults]
    kinds = Counter(kind for name, kind in found.others if shard.has(name))
    inherited, taken = Inherited(folder), dict[str, str]()
    with Spool() as spool, Parsers(programs) as parsers:
        reader = _Reader(folder, max_file_bytes, inherited, parsers, found.patterns, kinds)
        for path in candidates:
            if shard.has(path.relative_to(folder).as_posix()):
                for reading in reader.read(path):
                    problems += [reading] if isinstance(reading, Problem) else _add(reading, spool, taken)
        for path, reason in inherited.problems:
            problems.append(Problem(_printable(path.relative_to(folder).as_posix()), reason, lost=False))
        synonyms, reasons = read_synonyms(folder)
        problems += [Problem(SYNONYMS, reason, lost=False) for reason in reasons]
        if what := _hindrance(folder):
            raise BadFolder(f"{folder} {what} any more: it went away while it was read. Build again when it is back")
        if not taken and (shard.is_whole or not candidates):
            raise BadFolder(_nothing(folder, problems, kinds.total()))
        return Folder(spool.readings(), problems, len(set(taken.values())), dict(kinds), tuple(unread), synonyms)


def check_folder(folder: Path) -> None:
    """Raise BadFolder if the folder is missing or has no file that could be an article; no file is read."""
    _check_there(folder)
    found = walk(folder)
    if not found.candidates:
        problems = [Problem(_printable(name), reason, lost=True) for name, reason in found.problems]
        raise BadFolder(_nothing(folder, problems, len(found.others)))


def _check_there(folder: Path) -> None:
    if what := _hindrance(folder):
        raise BadFolder(f"{folder} {what}. Name a folder of articles: python -m index build FOLDER")


@dataclass(frozen=True, slots=True)
class _Reader:
    """The reading of a folder's files, and of the files in them; `kinds` counts those that are passed over."""

    folder: Path
    max_bytes: int
    inherited: Inherited
    parsers: Parsers
    patterns: GitIgnoreSpec
    kinds: Counter[str]

    def read(self, path: Path) -> Iterator[Reading | Problem]:
        """The articles of a file, and the reasons why it or parts of it cannot become articles."""
        name = path.relative_to(self.folder).as_posix()
        try:
            article_id, groups = _article_id(path, self.folder), self.inherited.of(path.parent)
            raw = file_bytes(path, self.max_bytes)
        except BadArticle as error:
            yield _problem(name, error)
            return
        told = set[Problem]()
        for member in unfolded(raw, path.suffix.lower(), self.parsers.members):
            inner = f"/{member.name}" if member.name else ""
            for reading in self._articles(member, f"{article_id}{inner}", f"{name}{inner}", groups):
                if isinstance(reading, Reading) or reading not in told:
                    yield reading
                told.update([reading] if isinstance(reading, Problem) else [])

    def _articles(
        self, file: Member, article_id: str, name: str, groups: tuple[str, ...]
    ) -> Iterator[Reading | Problem]:
        """The articles of one file without those in other files in it."""
        if file.fault:
            yield Problem(_printable(name), file.fault, file.is_lost)
        elif kind := file.name and passed_over(name, self.patterns):
            self.kinds[kind] += 1
        elif (suffix := suffix_of(name)) == RECORDS:
            yield from self._records(file, article_id, name, groups)
        elif suffix not in CONTAINERS or suffix in BYTES_FORMATS:
            try:
                parse = self.parsers.extract
                yield read_article(file.content, article_id, self.max_bytes, name, groups, parse=parse)
            except BadArticle as error:
                yield _problem(name, error)

    def _records(
        self, file: Member, article_id: str, name: str, groups: tuple[str, ...]
    ) -> Iterator[Reading | Problem]:
        try:
            for reading in read_records(file.content, article_id, self.max_bytes, name, groups):
                yield Problem(_printable(name), reading, lost=True) if isinstance(reading, str) else reading
        except BadArticle as error:
            yield _problem(name, error)


def _problem(name: str, error: BadArticle) -> Problem:
    return Problem(_printable(name), str(error), lost=not isinstance(error, EmptyArticle))


def _add(reading: Reading, spool: Spool, taken: dict[str, str]) -> list[Problem]:
    """Add a reading to the spool; returns its problems. `taken` maps each id to its file."""
    article_id, name = reading.article.id, reading.article.file
    if article_id in taken:
        return [Problem(name, f"same id {article_id!r} as {taken[article_id]}. Rename one of them", lost=True)]
    taken[article_id] = name
    spool.add(reading)
    of = "" if name.endswith(article_id) or reading.format != RECORDS[1:] else f"{article_id.rsplit('/', 1)[-1]}: "
    parts = [(part, True) for part in reading.missing] + [(note, False) for note in reading.notes]
    return [Problem(name, f"{of}{reason}", is_lost) for reason, is_lost in parts]


def _hindrance(folder: Path) -> str:
    try:
        return "" if folder.is_dir() else "is not a folder" if folder.exists() else "does not exist"
    except OSError as error:
        return f"cannot be opened ({error.strerror})"


def _article_id(path: Path, folder: Path) -> str:
    """The file's path in the folder without a suffix of text. Raises BadArticle for an unsuitable path."""
    relative = path.relative_to(folder)
    is_bare = path.suffix.lower() in BARE_SUFFIXES
    article_id = unicodedata.normalize("NFC", (relative.with_suffix("") if is_bare else relative).as_posix())
    if _printable(article_id) != article_id:
        raise BadArticle("the file's name has characters that cannot be shown. Rename it")
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, RuntimeError) as error:  # a circle of links is a RuntimeError
        raise BadArticle("a link that leads nowhere. Put the file itself here") from error
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error
    if not target.is_relative_to(folder.resolve()):
        raise BadArticle("a link out of the folder is not followed. Put the file itself here")
    if not target.is_file():
        raise BadArticle("not an ordinary file")
    return article_id


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _nothing(folder: Path, problems: list[Problem], ignored: int) -> str:
    kinds = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
    if problems:
        listed = "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:20])
        return f"no file in {folder} could be read as an article:\n{listed}"
    other = f" ({ignored} files of other kinds)" if ignored else ""
    return f"no articles in {folder}{other}. Put {kinds} files there and build again"
