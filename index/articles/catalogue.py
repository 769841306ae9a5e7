"""The articles of a collection by row: metadata in memory, texts read on demand."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from index.arrays import Mask
from index.articles.article import Article

EVERYONE = "everyone"  # the group of all people who have any group


@dataclass(frozen=True, slots=True)
class Entry:
    """An article's metadata for a list."""

    id: str
    title: str
    publisher: str
    published: str


class Catalogue(ABC):
    """Articles by row, either all or only those that certain groups may see; hidden articles are left out.

    `lines` are the articles' fields as in JSON, sorted by id. `seen` has one value a row, or is None
    if all are seen.
    """

    def __init__(self, lines: Sequence[dict[str, Any]]) -> None:
        self._lines = lines
        self._rows = {line["id"]: row for row, line in enumerate(lines)}
        self.seen: Mask | None = None

    @abstractmethod
    def __getitem__(self, row: int) -> Article:
        """The article in this row, hidden or not."""

    def __len__(self) -> int:
        """The number of visible articles."""
        return len(self._lines) if self.seen is None else int(np.count_nonzero(self.seen))

    def row(self, article_id: str) -> int | None:
        """The row of the visible article with this id, or None."""
        row = self._rows.get(article_id)
        return None if row is None or not self._is_seen(row) else row

    def by_id(self, article_id: str) -> Article | None:
        """The visible article with this id, or None."""
        row = self.row(article_id)
        return None if row is None else self[row]

    def entries(self) -> Iterator[Entry]:
        """An entry for each visible article, in order of id."""
        return (self._entry(row) for row in range(len(self._lines)) if self._is_seen(row))

    def entry(self, article_id: str) -> Entry | None:
        """The entry for the visible article with this id, or None."""
        row = self.row(article_id)
        return None if row is None else self._entry(row)

    def column(self, field: str) -> list[Any]:
        """The field of every article by row, as in JSON; None for hidden articles."""
        return [line[field] if self._is_seen(row) else None for row, line in enumerate(self._lines)]

    def ids(self, rows: Iterable[int]) -> list[tuple[int, str]]:
        """The rows of visible articles among these, each with the article's id."""
        return [(row, self._lines[row]["id"]) for row in rows if self._is_seen(row)]

    def beside(self, article_id: str, reach: int) -> list[str]:
        """The ids of the visible articles up to `reach` rows after a visible article, then of those before it."""
        row = self._rows[article_id]
        rows = [*range(row + 1, min(row + 1 + reach, len(self._lines))), *range(row - 1, max(row - 1 - reach, -1), -1)]
        return [name for _, name in self.ids(rows)]

    def seen_by(self, groups: frozenset[str]) -> Self:
        """The articles that a person of these groups may see; a person without groups sees none.

        An article is visible to the groups that it names, and to anybody with a group if it names
        `everyone`. An article without groups is visible to nobody.
        """
        restricted = copy.copy(self)
        seen = (self._is_seen(row) and may_see(groups, line["groups"]) for row, line in enumerate(self._lines))
        restricted.seen = np.fromiter(seen, np.bool_, len(self._lines))
        return restricted

    def _entry(self, row: int) -> Entry:
        line = self._lines[row]
        return Entry(line["id"], line["title"], line["publisher"], line["published"])

    def _is_seen(self, row: int) -> bool:
        return self.seen is None or bool(self.seen[row])


def known_as(groups: frozenset[str]) -> frozenset[str]:
    """The names, `everyone` included, that let a person of these groups see an article."""
    return groups | {EVERYONE} if groups else groups


def may_see(groups: frozenset[str], named: Iterable[str]) -> bool:
    """Whether a person of these groups may see an article that names the groups `named`."""
    return not known_as(groups).isdisjoint(named)
