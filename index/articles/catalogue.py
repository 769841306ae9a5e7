"""The articles of a collection by row: a line of metadata each, their texts read when they are asked for."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from index.arrays import Mask
from index.articles.article import Article

EVERYONE = "everyone"  # the group of whoever is let in at all


@dataclass(frozen=True, slots=True)
class Entry:
    """An article's line in a list, read without its text."""

    id: str
    title: str
    publisher: str
    published: str


class Catalogue(ABC):
    """Articles by row, all of them or those that somebody may see; a hidden one is as if it were not there.

    A line is an article's fields as JSON has them, sorted by id. `seen` has one value a row, None
    where all are seen.
    """

    def __init__(self, lines: Sequence[dict[str, Any]]) -> None:
        self._lines = lines
        self._rows = {line["id"]: row for row, line in enumerate(lines)}
        self.seen: Mask | None = None

    @abstractmethod
    def __getitem__(self, row: int) -> Article:
        """The article in a row, hidden or not."""

    def __len__(self) -> int:
        """How many articles are seen."""
        return len(self._lines) if self.seen is None else int(np.count_nonzero(self.seen))

    def row(self, article_id: str) -> int | None:
        """The row of the article with this id, or None."""
        row = self._rows.get(article_id)
        return None if row is None or not self._is_seen(row) else row

    def by_id(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        row = self.row(article_id)
        return None if row is None else self[row]

    def entries(self) -> Iterator[Entry]:
        """Every article's line for a list, in order of id."""
        for row, line in enumerate(self._lines):
            if self._is_seen(row):
                yield Entry(line["id"], line["title"], line["publisher"], line["published"])

    def column(self, field: str) -> list[Any]:
        """That field of every article in order of row, as JSON has it; of hidden ones None."""
        return [line[field] if self._is_seen(row) else None for row, line in enumerate(self._lines)]

    def ids(self, rows: Iterable[int]) -> frozenset[str]:
        """The ids of the articles in these rows."""
        return frozenset(self._lines[row]["id"] for row in rows if self._is_seen(row))

    def seen_by(self, groups: frozenset[str]) -> Self:
        """The same articles as somebody of these groups sees them; who has none sees nothing.

        An article is seen by the groups that it names, and by all who have one where it names
        `everyone`; one that names none is seen by nobody.
        """
        seen = np.array([may_see(groups, line["groups"]) for line in self._lines], np.bool_)
        restricted = copy.copy(self)
        restricted.seen = seen if self.seen is None else seen & self.seen
        return restricted

    def _is_seen(self, row: int) -> bool:
        return self.seen is None or bool(self.seen[row])


def known_as(groups: frozenset[str]) -> frozenset[str]:
    """The names by which an article lets somebody of these groups see it."""
    return groups | {EVERYONE} if groups else groups


def may_see(groups: frozenset[str], named: Iterable[str]) -> bool:
    """Whether somebody of these groups sees an article that names those."""
    return not known_as(groups).isdisjoint(named)
