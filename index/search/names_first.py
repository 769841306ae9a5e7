"""Names first: among the first hits is one for each number or rare name of the question that some passage holds."""

from collections.abc import Iterator, Sequence
from itertools import islice

from index.search.deduplication import ensure_included
from index.search.hits import held
from index.search.store import Candidates

FIRST = 5  # hits that hold the names of a question


def with_names(names: frozenset[str], candidates: Candidates, order: Sequence[int], first: Sequence[int]) -> list[int]:
    """The positions with, among the first five, the best candidate for each name that none of these holds."""
    front = list(first[:FIRST])
    missing = names.difference(*(held(candidates.passage(position)) for position in front))
    needed = [position for name in sorted(missing) for position in islice(_holding(name, candidates, order), 1)]
    included = ensure_included(front, needed)
    return [*included, *(position for position in first if position not in included)][: len(first)]


def _holding(name: str, candidates: Candidates, order: Sequence[int]) -> Iterator[int]:
    """The candidates whose text or title holds the name, in this order."""
    parts = candidates.bm25(name, order)
    matching = (position for position, part in zip(order, parts, strict=True) if part > 0)
    for position, passage in candidates.passages(matching):
        if name in held(passage):
            yield position
