"""Succession: the articles that supersede others, and the last day on which an article is valid."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from index.articles.catalogue import Catalogue
from index.articles.filters import folded, period

Superseding: TypeAlias = Mapping[int, tuple[int, ...]]
"""The rows of the articles that supersede an article, by its row."""


@dataclass(frozen=True, slots=True)
class Succession:
    """The superseding articles, and the last valid day of articles by row, as `date.toordinal` counts it."""

    superseding: Superseding
    last_days: Mapping[int, int]

    @classmethod
    def of(cls, articles: Catalogue) -> "Succession":
        """The succession of the visible articles."""
        until = ((row, written) for row, written in enumerate(articles.column("valid_until")) if written)
        named = [names or () for names in articles.column("supersedes")]
        ids, titles = articles.column("id"), articles.column("title")
        superseding, _ = resolved(ids, titles, named)
        return cls(superseding, {row: period(written)[1] for row, written in until})

    def is_outdated(self, row: int, today: int) -> bool:
        """Whether the article is superseded, or was valid until a day before `today`, an ordinal."""
        return row in self.superseding or self.last_days.get(row, today) < today


def resolved(
    ids: Sequence[str | None], titles: Sequence[str | None], named: Sequence[Sequence[str]]
) -> tuple[Superseding, list[tuple[int, str]]]:
    """The superseding rows of each superseded row, and the names that no other article has, with their row.

    `named` are the ids or titles that the article in each row supersedes; ids count before titles.
    """
    superseding, unknown = defaultdict[int, list[int]](list), list[tuple[int, str]]()
    if any(named):
        rows_of = _rows_by_name(ids, titles)
        for row, names in enumerate(named):
            for name in dict.fromkeys(names):
                others = [other for other in rows_of(name) if other != row]
                for other in others:
                    superseding[other].append(row)
                if not others:
                    unknown.append((row, name))
    return {row: tuple(dict.fromkeys(rows)) for row, rows in superseding.items()}, unknown


def _rows_by_name(ids: Sequence[str | None], titles: Sequence[str | None]) -> Callable[[str], Sequence[int]]:
    by_id = {name: row for row, name in enumerate(ids) if name}
    by_title = defaultdict[str, list[int]](list)
    for row, title in enumerate(titles):
        if title:
            by_title[folded(title)].append(row)
    return lambda name: [by_id[name]] if name in by_id else by_title.get(folded(name), [])
