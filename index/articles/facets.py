"""Facets: the publishers, languages, folders and dates of a build's articles, and which articles pass a filter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Mask
from index.articles.catalogue import Catalogue
from index.articles.filters import WORD, Filters, folded, period
from index.articles.succession import Succession
from index.errors import BadFilter

Days = npt.NDArray[np.int32]

MOST_PUBLISHERS = 200  # listed for people and programs; filters accept any publisher
_MOST_FOLDERS = 500
_COMPARED = 2_000  # names that a misspelt name is compared with, most frequent first
_OFFERED = 5  # suggestions in a message
_LONGEST = 100  # characters of a name that are compared
_SHOWN = 40  # characters of an unknown name in a message
_NO_DATE = 0

_folded = lru_cache(maxsize=65_536)(folded)
_KINDS = ("publisher", "language", "folder")


@dataclass(frozen=True, slots=True)
class Named:
    """A publisher, language or folder: its name as written, and the rows of its articles."""

    name: str
    rows: npt.NDArray[np.int32]


Values = dict[str, Named]
"""The values of a facet by folded name, most articles first."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The facet values of a build, each with its articles.

    `beginnings` are the first words of the publishers' names, folded.
    `first` and `last` are each article's first and last day as `date.toordinal` counts them, 0
    without a date; `sources` has the article's row, first day and last day for each date of a source.
    `dates` are the earliest and the latest date as written, empty without any. `succession` tells which
    articles are superseded or no longer valid. `row` gives the row of the visible article with an id.
    """

    publishers: Values
    beginnings: frozenset[str]
    languages: Values
    folders: Values
    first: Days
    last: Days
    sources: Days
    dates: tuple[str, str]
    succession: Succession
    row: Callable[[str], int | None]

    @classmethod
    def of(cls, articles: Catalogue) -> "Facets":
        """The facets of the visible articles."""
        sources = [listed or [] for listed in articles.column("sources")]
        publisher, published, language, ids = (
            [value or "" for value in articles.column(name)] for name in ("publisher", "published", "language", "id")
        )
        publishers = _values(
            [name, *(source["publisher"] for source in listed)] for name, listed in zip(publisher, sources, strict=True)
        )
        days = [period(written) if written else (_NO_DATE, _NO_DATE) for written in published]
        first, last = np.array(days, np.int32).reshape(-1, 2).T
        dated = list(filter(None, published))
        of_sources = [
            (row, *period(source["date"])) for row, listed in enumerate(sources) for source in listed if source["date"]
        ]
        return cls(
            publishers=publishers,
            beginnings=frozenset(match[0] for name in publishers if (match := WORD.match(name))),
            languages=_values(stems(code, "-") for code in language),
            folders=_values(stems(article_id.rpartition("/")[0], "/") for article_id in ids),
            first=first,
            last=last,
            sources=np.array(of_sources, np.int32).reshape(-1, 3),
            dates=(min(dated, key=period), max(dated, key=lambda d: period(d)[::-1])) if dated else ("", ""),
            succession=Succession.of(articles),
            row=articles.row,
        )

    def resolved(self, filters: Filters) -> Filters:
        """The same filters with names as written in this build. Raises BadFilter for a name that no article has."""
        names: Any = {f"{kind}s": tuple(value.name for value in self._values(kind, filters)) for kind in _KINDS}
        self._rows(filters.articles)
        return replace(filters, **names)

    def passing(self, filters: Filters) -> Mask:
        """Whether each article passes. Raises BadFilter for a name that no article has."""
        passing = np.ones(len(self.first), np.bool_)
        if filters.days:
            passing = self.within(*filters.days)
        for kind in _KINDS:
            if values := self._values(kind, filters):
                passing &= self.with_any(values)
        if filters.articles:
            given = np.zeros(len(self.first), np.bool_)
            given[self._rows(filters.articles)] = True
            passing = passing & given
        return passing

    def _rows(self, article_ids: Iterable[str]) -> list[int]:
        """The rows of visible articles. Raises BadFilter for an unknown id."""
        rows = []
        for name in article_ids:
            if (row := self.row(name)) is None:
                shown = name[:_SHOWN]
                raise BadFilter(f"there is no article {shown!r}. Leave it out", "filter_article", value=shown)
            rows.append(row)
        return rows

    def _values(self, kind: str, filters: Filters) -> list[Named]:
        values = getattr(self, f"{kind}s")
        return [_value(kind, name, values) for name in getattr(filters, f"{kind}s")]

    def within(self, first: int, last: int) -> Mask:
        """Whether the date (day, month or year) of each article overlaps these days."""
        within: Mask = (self.first != _NO_DATE) & (self.last >= first) & (self.first <= last)
        return within

    def with_any(self, values: Iterable[Named]) -> Mask:
        """Whether each article has any of these values."""
        with_any = np.zeros(len(self.first), np.bool_)
        for value in values:
            with_any[value.rows] = True
        return with_any

    def to_json(self) -> dict[str, Any]:
        """The values with their article counts, most frequent first, and the range of dates."""
        return {
            "publishers": _counted(self.publishers, MOST_PUBLISHERS),
            "languages": _counted(self.languages, len(self.languages)),
            "folders": _counted(self.folders, _MOST_FOLDERS),
            "first": self.dates[0],
            "last": self.dates[1],
        }


def _values(names: Iterable[Iterable[str]]) -> Values:
    """The values of a facet from the names of each article; the first spelling of a name is shown."""
    written: dict[str, str] = {}
    rows: dict[str, list[int]] = {}
    for row, article_names in enumerate(names):
        for name in article_names:
            key = _folded(name)
            if key not in rows:
                written[key], rows[key] = name, [row]
            elif rows[key][-1] != row:
                rows[key].append(row)
    ordered = sorted(rows.keys() - {""}, key=lambda key: (-len(rows[key]), key))
    return {key: Named(written[key], np.array(rows[key], np.int32)) for key in ordered}


@lru_cache(maxsize=65_536)
def stems(name: str, sign: str) -> tuple[str, ...]:
    """The name and its prefixes up to each `sign`: `zh` and `zh-Hans` for `zh-Hans`."""
    return tuple(accumulate(name.split(sign), lambda stem, part: f"{stem}{sign}{part}"))


def _counted(values: Values, most: int) -> list[dict[str, str | int]]:
    return [{"name": value.name, "count": len(value.rows)} for value in islice(values.values(), most)]


def _value(kind: str, name: str, values: Values) -> Named:
    key = folded(name.strip("/") if kind == "folder" else name)
    if key not in values:
        shown, offered = name[:_SHOWN], "; ".join(_near(key[:_LONGEST], values)) or "–"
        message = f"no article has the {kind} {shown!r}. Choose among others: {offered}"
        raise BadFilter(message, f"filter_{kind}", value=shown, names=offered)
    return values[key]


def _near(name: str, values: Values) -> list[str]:
    """Names similar to this one, else the most frequent names."""
    compared = list(islice(values, _COMPARED))
    near = [key for key in compared if name and name in key] + get_close_matches(name, compared, _OFFERED)
    return [values[key].name for key in islice(dict.fromkeys(near or compared), _OFFERED)]
