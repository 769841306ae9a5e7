"""What the articles of a build can be told apart by, and which of them pass a filter. No text is read for it."""

from collections.abc import Iterable
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
from index.errors import BadFilter

Days = npt.NDArray[np.int32]

MOST_PUBLISHERS = 200  # listed for people and programs; every one can be filtered by
_MOST_FOLDERS = 500
_COMPARED = 2_000  # names that a misspelt one is compared with, most frequent first
_OFFERED = 5  # names in a message
_LONGEST = 100  # characters of a name that are compared
_SHOWN = 40  # characters of an unknown name in a message
_NO_DATE = 0

_period = lru_cache(maxsize=65_536)(period)
_folded = lru_cache(maxsize=65_536)(folded)


@dataclass(frozen=True, slots=True)
class Named:
    """The articles of a publisher, a language or a folder: its name as it is written, and their rows."""

    name: str
    rows: npt.NDArray[np.int32]


Values = dict[str, Named]
"""Named articles by the name as it is compared, most articles first."""


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates of the articles' sources: the article's row, first day and last day of each."""

    rows: npt.NDArray[np.int32]
    first: Days
    last: Days


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that a build's articles have, and who has them.

    `beginnings` are the first words of the publishers' names, as they are compared.
    `first` and `last` are each article's first and last day as `date.toordinal` counts them, 0
    without a date; `dates` the earliest and the latest date as they are written, empty without any.
    """

    publishers: Values
    beginnings: frozenset[str]
    languages: Values
    folders: Values
    first: Days
    last: Days
    sources: Dated
    dates: tuple[str, str]

    @classmethod
    def of(cls, articles: Catalogue) -> "Facets":
        """The facets of these articles; a hidden one has no values."""
        sources = [own or [] for own in articles.column("sources")]
        publisher, published, language, ids = (
            [value or "" for value in articles.column(name)] for name in ("publisher", "published", "language", "id")
        )
        publishers = zip(publisher, sources, strict=True)
        folders = (article_id.rpartition("/")[0] for article_id in ids)
        spans = [_period(written) if written else (_NO_DATE, _NO_DATE) for written in published]
        days = np.array(spans, np.int32).reshape(-1, 2)
        dated = [written for written in published if written]
        named = _values([own, *(source["publisher"] for source in others)] for own, others in publishers)
        return cls(
            publishers=named,
            beginnings=frozenset(match[0] for name in named if (match := WORD.match(name))),
            languages=_values(stems(own, "-") for own in language),
            folders=_values(stems(folder, "/") for folder in folders),
            first=days[:, 0],
            last=days[:, 1],
            sources=_dated(sources),
            dates=(min(dated, key=_period), max(dated, key=lambda d: _period(d)[::-1])) if dated else ("", ""),
        )

    def resolved(self, filters: Filters) -> Filters:
        """The same filters, their names as this build writes them. Raises BadFilter for one that no article has."""
        return replace(
            filters,
            publishers=tuple(_found("publisher", name, self.publishers).name for name in filters.publishers),
            languages=tuple(_found("language", name, self.languages).name for name in filters.languages),
            folders=tuple(_found("folder", name, self.folders).name for name in filters.folders),
        )

    def passing(self, filters: Filters) -> Mask:
        """For each article whether it passes. Raises BadFilter for a name that no article has."""
        passing = np.ones(len(self.first), np.bool_)
        if filters.days:
            passing = self.within(*filters.days)
        for kind, names, values in (
            ("publisher", filters.publishers, self.publishers),
            ("language", filters.languages, self.languages),
            ("folder", filters.folders, self.folders),
        ):
            if names:
                passing &= self.having([_found(kind, name, values) for name in names])
        return passing

    def within(self, first: int, last: int, *, sources: bool = False) -> Mask:
        """For each article whether its date is one of these days, or a month or year that holds one of them.

        With `sources` the date of one of its sources does as well.
        """
        within: Mask = (self.first != _NO_DATE) & (self.last >= first) & (self.first <= last)
        if sources:
            within[self.sources.rows[(self.sources.last >= first) & (self.sources.first <= last)]] = True
        return within

    def having(self, values: Iterable[Named]) -> Mask:
        """For each article whether it has any of these values."""
        having = np.zeros(len(self.first), np.bool_)
        for value in values:
            having[value.rows] = True
        return having

    def to_json(self) -> dict[str, Any]:
        """The values with how many articles have each, most frequent first, and the range of dates."""
        return {
            "publishers": _counted(self.publishers, MOST_PUBLISHERS),
            "languages": _counted(self.languages, len(self.languages)),
            "folders": _counted(self.folders, _MOST_FOLDERS),
            "first": self.dates[0],
            "last": self.dates[1],
        }


def _values(names: Iterable[Iterable[str]]) -> Values:
    """The articles of each name, given the names of each article; one is written as it was first."""
    written: dict[str, str] = {}
    rows: dict[str, list[int]] = {}
    for row, own in enumerate(names):
        for name in own:
            key = _folded(name)
            if key not in rows:
                written[key], rows[key] = name, [row]
            elif rows[key][-1] != row:
                rows[key].append(row)
    ordered = sorted(rows.keys() - {""}, key=lambda key: (-len(rows[key]), key))
    return {key: Named(written[key], np.array(rows[key], np.int32)) for key in ordered}


def _dated(sources: Iterable[list[dict[str, str]]]) -> Dated:
    dates = [(row, *_period(source["date"])) for row, own in enumerate(sources) for source in own if source["date"]]
    found = np.array(dates, np.int32).reshape(-1, 3)
    return Dated(found[:, 0], found[:, 1], found[:, 2])


@lru_cache(maxsize=65_536)
def stems(name: str, sign: str) -> tuple[str, ...]:
    """`zh` and `zh-Hans` of `zh-Hans`: what the name is a part of, and itself."""
    return tuple(accumulate(name.split(sign), lambda stem, part: f"{stem}{sign}{part}"))


def _counted(values: Values, most: int) -> list[dict[str, str | int]]:
    return [{"name": value.name, "count": len(value.rows)} for value in islice(values.values(), most)]


def _found(kind: str, name: str, values: Values) -> Named:
    wanted = folded(name.strip("/") if kind == "folder" else name)
    if wanted not in values:
        shown, offered = name[:_SHOWN], "; ".join(_near(wanted[:_LONGEST], values)) or "–"
        message = f"no article has the {kind} {shown!r}. Choose among others: {offered}"
        raise BadFilter(message, f"filter_{kind}", value=shown, names=offered)
    return values[wanted]


def _near(wanted: str, values: Values) -> list[str]:
    """A few names that this one may have been meant for, else the most frequent."""
    compared = list(islice(values, _COMPARED))
    near = [key for key in compared if wanted and wanted in key] + get_close_matches(wanted, compared, _OFFERED)
    return [values[key].name for key in islice(dict.fromkeys(near or compared), _OFFERED)]
