"""Choices of filters for the page and the JSON interface: values, periods, and counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.answering.collection import Collection
from app.answering.language import Language
from index.articles.counts import MOST, Counter
from index.articles.filters import EVERYTHING, Filters, period


def choices(
    collection: Collection,
    language: Language,
    filters: Filters = EVERYTHING,
    sought: Mapping[str, str] | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The values of each kind that hold the text sought, counted under the filters of the other kinds.

    Raises BadFilter for a name that no article has.
    """
    facets = collection.searcher.facets
    counter = Counter(facets, collection.searcher.articles, filters)
    counts = counter.counts(sought)
    return {
        "articles": counts.passing,
        **{
            kind: [{"name": name, "label": _label(kind, name, language), "count": count} for name, count in values]
            for kind, values in counts.values.items()
        },
        "periods": [
            {"name": name, "since": since, "until": until, "count": counter.within(period(since)[0], period(until)[1])}
            for name, (since, until) in _periods(today or date.today()).items()
        ],
        "more": [kind for kind, most in MOST.items() if len(getattr(facets, kind)) > most],
    }


def _label(kind: str, name: str, language: Language) -> str:
    if kind == "languages":
        return language.name(name)
    return name.rpartition("/")[2] if kind == "folders" else name


def _periods(today: date) -> dict[str, tuple[str, str]]:
    """The first and last day, month or year of each period that is offered."""
    month, year, last = f"{today:%Y-%m}", f"{today:%Y}", f"{today.year - 1:04}"
    week = ((today - timedelta(days=6)).isoformat(), today.isoformat())
    return {"week": week, "month": (month, month), "year": (year, year), "last_year": (last, last)}
