"""Facets as lines for people."""

from collections.abc import Iterator
from itertools import islice

from index.articles.facets import Facets

_SHOWN = 8  # values of a facet


def facet_lines(facets: Facets) -> Iterator[str]:
    """The facets, with the most frequent values of each."""
    earliest, latest = facets.dates
    yield f"{'published':<15} {f'{earliest} to {latest}' if earliest else 'no dates'}"
    kinds = {"publishers": facets.publishers, "languages": facets.languages, "folders": facets.folders}
    for kind, values in kinds.items():
        shown = "; ".join(f"{value.name} {len(value.rows):,}" for value in islice(values.values(), _SHOWN))
        more = f"; and {len(values) - _SHOWN:,} more" if len(values) > _SHOWN else ""
        yield f"{kind:<15} {shown or 'none'}{more}"
