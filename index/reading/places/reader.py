"""The reading of a place's files, and of the files in them."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from index.errors import BadArticle, EmptyArticle
from index.reading.access import Inherited
from index.reading.files import BARE_SUFFIXES, RECORDS, file_bytes
from index.reading.formats.adapters import BYTES_FORMATS, CONTAINERS
from index.reading.formats.extract import Member
from index.reading.formats.members import suffix_of, unfolded
from index.reading.formats.parsers import Parsers
from index.reading.loader import Reading, read_article, read_records
from index.reading.places.folders import Place
from index.reading.walk import passed_over


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a file, or a part of its metadata, is not in the index. `lost`: its text is missing."""

    file: str
    reason: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files of a place; `kinds` counts the files in them that are passed over, as `patterns` or kinds say."""

    place: Place
    max_bytes: int
    parsers: Parsers
    inherited: Inherited
    patterns: GitIgnoreSpec
    kinds: Counter[str]

    def read(self, path: Path) -> Iterator[Reading | Problem]:
        """The articles of a file, and the reasons why it or parts of it cannot become articles."""
        name = path.relative_to(self.place.folder).as_posix()
        try:
            article_id, groups = _article_id(path, self.place.folder), self.inherited.of(path.parent)
            raw = file_bytes(path, self.max_bytes)
        except BadArticle as error:
            yield self._refused(name, error)
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
            yield problem_of(self.place, name, file.fault, lost=file.is_lost)
        elif kind := file.name and passed_over(name, self.patterns):
            self.kinds[kind] += 1
        elif (suffix := suffix_of(name)) not in CONTAINERS or suffix in BYTES_FORMATS:
            try:
                yield from self._read(file.content, article_id, name, groups)
            except BadArticle as error:
                yield self._refused(name, error)

    def _read(self, raw: bytes, article_id: str, name: str, groups: tuple[str, ...]) -> Iterator[Reading | Problem]:
        """The article in these bytes, or those in its lines. Raises BadArticle."""
        full, file = self.place.full(article_id), self.place.full(name)
        if suffix_of(name) != RECORDS:
            yield read_article(raw, full, self.max_bytes, file, groups, parse=self.parsers.extract)
            return
        for reading in read_records(raw, full, self.max_bytes, file, groups, parse=self.parsers.extract):
            yield problem_of(self.place, name, reading, lost=True) if isinstance(reading, str) else reading

    def _refused(self, name: str, error: BadArticle) -> Problem:
        return problem_of(self.place, name, str(error), lost=not isinstance(error, EmptyArticle))


def problem_of(place: Place, name: str, reason: str, *, lost: bool = False) -> Problem:
    """The problem of the file with this path in a place."""
    return Problem(printable(place.full(name)), reason, lost)


def printable(name: str) -> str:
    """The name with a mark for each sign that cannot be shown."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _article_id(path: Path, folder: Path) -> str:
    """The file's path in the folder without a suffix of text. Raises BadArticle for an unsuitable path."""
    relative = path.relative_to(folder)
    is_bare = path.suffix.lower() in BARE_SUFFIXES
    article_id = unicodedata.normalize("NFC", (relative.with_suffix("") if is_bare else relative).as_posix())
    if printable(article_id) != article_id:
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
