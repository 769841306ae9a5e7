"""Counts of the values that articles can be filtered by, each under the filters of the other kinds."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Mask
from index.articles.catalogue import Catalogue
from index.articles.facets import MOST_PUBLISHERS, Facets, Values, stems
from index.articles.filters import EVERYTHING, Filters, folded

MOST: Mapping[str, int] = {"publishers": MOST_PUBLISHERS, "languages": 500, "folders": 500}
"""Number of values of each kind that are listed at most."""

Counted = list[tuple[str, int]]
"""Names of values as written, each with the number of its articles."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of visible articles that pass all filters, and the values of each kind with theirs.

    A value is counted among the articles that pass the filters of the other kinds: what it would add.
    """

    passing: int
    values: dict[str, Counted]


class Counter:
    """Counts among the visible articles under filters. Raises BadFilter for a name that no article has."""

    def __init__(self, facets: Facets, articles: Catalogue, filters: Filters = EVERYTHING) -> None:
        self._facets, self._seen, self._filters = facets, articles.seen, filters

    def counts(self, sought: Mapping[str, str] | None = None) -> Counts:
        """The values that are chosen, then as many as `MOST` allows, most articles first.

        `sought` has for a kind a text that its values must hold; case and accents make no difference.
        """
        values = {kind: self._counted(kind, (sought or {}).get(kind, "")) for kind in MOST}
        return Counts(int(np.count_nonzero(self._passing(self._filters))), values)

    def within(self, first: int, last: int) -> int:
        """The number of articles of these days that pass all filters but for the dates."""
        undated = self._passing(replace(self._filters, since="", until=""))
        return int(np.count_nonzero(undated & self._facets.within(first, last)))

    def _passing(self, filters: Filters) -> Mask:
        passing = self._facets.passing(filters)
        return passing if self._seen is None else passing & self._seen

    def _counted(self, kind: str, text: str) -> Counted:
        values: Values = getattr(self._facets, kind)
        if not values:
            return []
        others: dict[str, Any] = {kind: ()}
        numbers = _numbers(values, self._passing(replace(self._filters, **others)))
        keys, names = list(values), [value.name for value in values.values()]
        chosen = {folded(name) for name in getattr(self._facets.resolved(self._filters), kind)}
        kept = _with_stems(chosen, kind)
        wanted = _with_stems([key for key in keys if _plain(text) in _plain(key)], kind) if text else values.keys()
        order = [row for row in np.argsort(-numbers, kind="stable").tolist() if keys[row] in wanted][: MOST[kind]]
        listed = dict.fromkeys([row for row, key in enumerate(keys) if key in kept] + order)
        return [(names[row], int(numbers[row])) for row in listed]


def _numbers(values: Values, passing: Mask) -> npt.NDArray[np.int64]:
    """The number of articles of each value that pass."""
    rows = [value.rows for value in values.values()]
    starts = np.cumsum([0, *(len(each) for each in rows[:-1])])
    return np.add.reduceat(passing[np.concatenate(rows)].astype(np.int64), starts)


def _with_stems(keys: Sequence[str] | set[str], kind: str) -> set[str]:
    """The keys, of folders with the folders around them."""
    return {stem for key in keys for stem in stems(key, "/")} if kind == "folders" else set(keys)


@lru_cache(maxsize=65_536)
def _plain(name: str) -> str:
    """The name folded, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", folded(name)) if not unicodedata.combining(sign))
