"""Folders of articles: their files, the articles in them, and the problems with other files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.arrays import Lazy
from index.articles.article import Article
from index.errors import BadFolder
from index.reading.access import Inherited
from index.reading.files import MAX_FILE_BYTES, RECORDS
from index.reading.formats.adapters import SUFFIXES
from index.reading.formats.parsers import Parsers
from index.reading.formats.programs import NONE, Programs
from index.reading.loader import Reading
from index.reading.places.commits import Commits
from index.reading.places.folders import Place, Where, checked_places
from index.reading.places.mirror import Mirror, read_mirror
from index.reading.places.reader import Problem, Reader, printable, problem_of
from index.reading.shards import WHOLE, Shard
from index.reading.spool import Spool
from index.reading.synonyms import FILE as SYNONYMS
from index.reading.synonyms import Synonyms, joined, read_synonyms
from index.reading.walk import IGNORE, walk


@dataclass(frozen=True, slots=True)
class Folder:
    """The readings of one folder or several, sorted by article id, and the problems.

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
    folder: Where, max_file_bytes: int = MAX_FILE_BYTES, shard: Shard = WHOLE, programs: Programs = NONE
) -> Folder:
    """Read every article of the shard below a folder, or below several, without hidden files and folders.

    A bad file never stops the others. Raises BadFolder if a folder is missing or has no
    article; one shard of several may have no article.
    """
    places = checked_places(folder)
    for place in places:
        _check_there(place.folder)
    with Spool() as spool, Parsers(programs) as parsers:
        parts = [_read_place(place, max_file_bytes, shard, spool, parsers) for place in places]
        synonyms, clashes = joined(
            [(place.full(SYNONYMS), part.synonyms) for place, part in zip(places, parts, strict=True)]
        )
        problems = [problem for part in parts for problem in part.problems]
        return Folder(
            spool.readings(),
            problems + [Problem(printable(file), reason, lost=False) for file, reason in clashes],
            sum(part.files for part in parts),
            dict(sum((Counter(part.kinds) for part in parts), Counter())),
            tuple(name for part in parts for name in part.unread),
            synonyms,
        )


def _read_place(place: Place, max_file_bytes: int, shard: Shard, spool: Spool, parsers: Parsers) -> Folder:
    """Add the articles of a place to the spool; returns the rest, without readings."""
    folder, found = place.folder, walk(place.folder)
    problems = [problem_of(place, name, reason, lost=True) for name, reason in found.problems]
    problems += [problem_of(place, IGNORE, reason) for reason in found.faults]
    kinds = Counter(kind for name, kind in found.others if shard.has(place.full(name)))
    inherited, taken = Inherited(folder), dict[str, str]()
    mirror, commits = read_mirror(folder), Commits(folder)
    reader = Reader(place, max_file_bytes, parsers, inherited, found.patterns, kinds)
    for path in found.candidates:
        name = path.relative_to(folder).as_posix()
        if shard.has(place.full(name)):
            for reading in reader.read(path):
                if isinstance(reading, Problem):
                    problems.append(reading)
                else:
                    problems += _add(_placed(reading, name, mirror, commits), spool, taken)
    for path, reason in inherited.problems:
        problems.append(problem_of(place, path.relative_to(folder).as_posix(), reason))
    if mirror and shard.index == 0:
        problems += [Problem(printable(url), reason, lost) for url, reason, lost in mirror.problems]
    if commits.note:
        problems.append(problem_of(place, ".git", commits.note))
    synonyms, reasons = read_synonyms(folder)
    problems += [problem_of(place, SYNONYMS, reason) for reason in reasons]
    if what := _hindrance(folder):
        raise BadFolder(f"{folder} {what} any more: it went away while it was read. Build again when it is back")
    if not taken and (shard.is_whole or not found.candidates):
        raise BadFolder(_nothing(folder, problems, kinds.total()))
    unread = tuple(map(place.full, found.unread))
    return Folder((), problems, len(set(taken.values())), kinds, unread, synonyms)


def _placed(reading: Reading, name: str, mirror: Mirror | None, commits: Commits) -> Reading:
    """A reading of the file at this path, or of a file in it, with what its place knows of that file.

    That is the address and day of a fetched page, or the day of the file's last commit if its article has no date.
    """
    article = reading.article
    if mirror:
        page = mirror.pages.get(name)
        return replace(reading, article=replace(article, url=page.url, fetched=page.fetched)) if page else reading
    if article.published or not (day := commits.day(name)):
        return reading
    return replace(reading, article=replace(article, changed=day))


def check_folder(where: Where) -> None:
    """Raise BadFolder if a folder is missing or has no file that could be an article; no file is read."""
    for place in checked_places(where):
        _check_there(place.folder)
        found = walk(place.folder)
        if not found.candidates:
            problems = [problem_of(place, name, reason, lost=True) for name, reason in found.problems]
            raise BadFolder(_nothing(place.folder, problems, len(found.others)))


def _check_there(folder: Path) -> None:
    if what := _hindrance(folder):
        raise BadFolder(f"{folder} {what}. Name a folder of articles: python -m index build FOLDER")


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


def _nothing(folder: Path, problems: list[Problem], ignored: int) -> str:
    kinds = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
    if problems:
        listed = "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:20])
        return f"no file in {folder} could be read as an article:\n{listed}"
    other = f" ({ignored} files of other kinds)" if ignored else ""
    return f"no articles in {folder}{other}. Put {kinds} files there and build again"
