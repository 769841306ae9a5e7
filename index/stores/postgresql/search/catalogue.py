"""Articles of a database: metadata in memory, texts read on demand."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from index.articles.article import Article
from index.articles.catalogue import Catalogue, may_see
from index.errors import DamagedIndex
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import article_of

_CACHED_ARTICLES = 512
_READ_AT_ONCE = 10_000  # rows of metadata

_TEXTS = "SELECT article, record_hash, metadata, text, blocks FROM articles WHERE article = ANY(%s)"
_RECORD_HASHES = "SELECT article, record_hash FROM articles ORDER BY article"
_LINES = "SELECT article, record_hash, metadata, passages FROM articles WHERE article = ANY(%s)"

RecordKey = tuple[str, str]
"""An article's id and record hash."""


@dataclass(frozen=True, slots=True)
class Line:
    """An article without its text: record hash, fields as in JSON, and number of passages."""

    record_hash: str
    fields: Mapping[str, Any]
    passages: int


def read_lines(connection: Connection, before: Mapping[str, Line]) -> dict[str, Line]:
    """Lines of all articles by id, in order; lines in `before` with the same record hash are not read again."""
    hashes = dict(connection.execute(_RECORD_HASHES).fetchall())
    lines = {article: line for article, line in before.items() if hashes.get(article) == line.record_hash}
    missing = [article for article in hashes if article not in lines]
    for start in range(0, len(missing), _READ_AT_ONCE):
        rows = connection.execute(_LINES, [missing[start : start + _READ_AT_ONCE]])
        lines |= {article: Line(*columns) for article, *columns in rows}
    return {article: lines[article] for article in hashes}


class Texts:
    """Articles with their texts, the last ones cached; threads may share it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._cache: dict[RecordKey, Article] = {}  # replaced, never changed: needs no lock

    def records(self, keys: Collection[RecordKey]) -> dict[RecordKey, Article]:
        """The articles with these keys, without deleted or changed ones. Raises Unavailable."""
        cache = self._cache
        if missing := sorted({article for article, digest in keys if (article, digest) not in cache}):
            cache = cache | self._read(missing)
        return {key: cache[key] for key in keys if key in cache}

    @contextmanager
    def read_ahead(self, connection: Connection, ids: Iterable[str]) -> Iterator[None]:
        """Send the query for those of these articles of which no state is cached before the statements of the block."""
        cached = {article for article, _ in self._cache}
        missing = sorted({*ids} - cached)
        cursor = connection.execute(_TEXTS, [missing]) if missing else None
        yield
        if cursor:
            self._keep(cursor.fetchall())

    def newest(self, article_id: str) -> Article | None:
        """The article as it is now, None if it is deleted."""
        return next(iter(self._read([article_id]).values()), None)

    def _read(self, ids: list[str]) -> dict[RecordKey, Article]:
        return self._keep(self._connections.ask(lambda connection: connection.execute(_TEXTS, [ids]).fetchall()))

    def _keep(self, rows: Iterable[tuple[Any, ...]]) -> dict[RecordKey, Article]:
        """The articles in these rows, which are cached."""
        try:
            articles = {(article, digest): article_of(*columns) for article, digest, *columns in rows}
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedIndex(
                f"{self._connections} holds an article that is damaged ({error}). Build it again"
            ) from error
        self._cache = dict([*self._cache.items(), *articles.items()][-_CACHED_ARTICLES:])
        return articles


class DatabaseCatalogue(Catalogue):
    """Articles of a database: a list as of its opening, texts as of now."""

    def __init__(self, lines: Mapping[str, Line], texts: Texts) -> None:
        super().__init__([dict(line.fields) for line in lines.values()])
        self._ids = list(lines)
        self.texts = texts
        self.groups: tuple[frozenset[str], ...] = ()  # of the reader, with access by groups
        self.passages = [line.passages for line in lines.values()]

    def __getitem__(self, row: int) -> Article:
        if (article := self.texts.newest(self._ids[row])) is None:
            raise KeyError(f"{self._ids[row]} has been deleted")
        return article

    def by_id(self, article_id: str) -> Article | None:
        """The article with this id; None if it is unknown, or has been deleted or hidden from these groups since."""
        article = None if self.row(article_id) is None else self.texts.newest(article_id)
        if article and all(may_see(groups, article.groups) for groups in self.groups):
            return article
        return None

    def seen_by(self, groups: frozenset[str]) -> Self:
        """The same articles, restricted to those that members of these groups may see."""
        restricted = super().seen_by(groups)
        restricted.groups = (*self.groups, groups)
        return restricted
