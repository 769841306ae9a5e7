"""The articles of a database: their metadata in memory, their texts read when they are asked for."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Self

from index.articles.article import Article
from index.articles.catalogue import Catalogue, may_see
from index.errors import DamagedIndex
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.rows import article_of

_KEPT_ARTICLES = 512
_READ_AT_ONCE = 10_000  # lines of metadata

_TEXTS = "SELECT article, edition, metadata, text, blocks FROM articles WHERE article = ANY(%s)"
_EDITION = "SELECT edition FROM articles WHERE article = %s"
_EDITIONS = "SELECT article, edition FROM articles ORDER BY article"
_LINES = "SELECT article, edition, metadata, passages FROM articles WHERE article = ANY(%s)"

Edition = tuple[str, str]
"""An article's id, and what changes whenever the article does."""


@dataclass(frozen=True, slots=True)
class Line:
    """An article without its text: its edition, its fields as JSON has them, and how many passages it has."""

    edition: str
    fields: Mapping[str, Any]
    passages: int


def lines(connection: Connection, known: Mapping[str, Line]) -> dict[str, Line]:
    """The lines of all articles by id, in order; those that are known are not read again."""
    editions = connection.execute(_EDITIONS).fetchall()
    found = {article: known[article] for article, edition in editions if _is_known(known, article, edition)}
    missing = [article for article, _ in editions if article not in found]
    for start in range(0, len(missing), _READ_AT_ONCE):
        read = connection.execute(_LINES, [missing[start : start + _READ_AT_ONCE]])
        found |= {article: Line(*others) for article, *others in read}
    return {article: found[article] for article, _ in editions}


def _is_known(known: Mapping[str, Line], article: str, edition: str) -> bool:
    return article in known and known[article].edition == edition


class Texts:
    """Articles with their texts, the last ones kept; threads may share it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._kept: OrderedDict[Edition, Article] = OrderedDict()
        self._lock = Lock()

    def editions(self, wanted: Iterable[Edition]) -> dict[Edition, Article]:
        """The articles of these editions; one that is gone or has changed is left out. Raises Unavailable."""
        asked = set(wanted)
        with self._lock:
            found = {own: self._kept[own] for own in asked if own in self._kept}
        if missing := sorted({article for article, _ in asked - set(found)}):
            found |= {own: article for own, article in self._read(missing).items() if own in asked}
        return found

    def newest(self, article_id: str) -> Article | None:
        """The article as it is now, None where it is gone."""
        row = self._connections.ask(lambda connection: connection.execute(_EDITION, [article_id]).fetchone())
        own = (article_id, str(row[0])) if row else None
        return self.editions([own]).get(own) if own else None

    def _read(self, articles: list[str]) -> dict[Edition, Article]:
        rows = self._connections.ask(lambda connection: connection.execute(_TEXTS, [articles]).fetchall())
        try:
            found = {(article, edition): article_of(*fields) for article, edition, *fields in rows}
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedIndex(
                f"{self._connections} holds an article that is none ({error}). Build it again"
            ) from error
        with self._lock:
            self._kept |= found
            while len(self._kept) > _KEPT_ARTICLES:
                self._kept.popitem(last=False)
        return found


class DatabaseCatalogue(Catalogue):
    """The articles that there were when the database was opened; the text of one is given as it is now."""

    def __init__(self, found: Mapping[str, Line], texts: Texts) -> None:
        super().__init__([dict(line.fields) for line in found.values()])
        self._ids = list(found)
        self._texts = texts
        self.groups: tuple[frozenset[str], ...] = ()  # those of whoever sees it, where access is by groups
        self.passages = [line.passages for line in found.values()]

    def __getitem__(self, row: int) -> Article:
        if (article := self._texts.newest(self._ids[row])) is None:
            raise KeyError(f"{self._ids[row]} has been deleted")
        return article

    def by_id(self, article_id: str) -> Article | None:
        """The article with this id, None also where it has been deleted, or taken from these readers, since."""
        article = None if self.row(article_id) is None else self._texts.newest(article_id)
        if article and all(may_see(groups, article.groups) for groups in self.groups):
            return article
        return None

    def seen_by(self, groups: frozenset[str]) -> Self:
        """The same articles as somebody of these groups sees them."""
        restricted = super().seen_by(groups)
        restricted.groups = (*self.groups, groups)
        return restricted
