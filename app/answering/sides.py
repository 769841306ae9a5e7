"""Sides: of each thing that a question sets beside others, the best passage is among the first."""

import os
from collections.abc import Mapping, Sequence

from app.answering.ways.all import WAYS
from app.answering.ways.way import Mention
from index.search.hits import Hit

ALONE = 10  # hits of a question about one side in which its best one is looked for
_WHOLE = float(os.environ.get("XB", "0.5"))  # weight of a hit's score for the whole question, beside 1 for that about its side


def leading(alone: Mapping[Mention, Sequence[Hit]], hits: Sequence[Hit]) -> list[Hit]:
    """The hits with the best hit of each side first, these in their order among the hits, and each passage once.

    `alone` maps each side to the hits of the question about it alone.
    """
    scores = {place(hit): hit.score for hit in hits}
    first: dict[tuple[str, int], Hit] = {}
    for side, found in alone.items():
        others = [each for each in alone if each != side]
        worths = [WAYS[side.kind].worth(hit.passage, side, others) for hit in found]
        ranks = [
            worth * (hit.score + _WHOLE * scores.get(place(hit), 0)) for worth, hit in zip(worths, found, strict=True)
        ]
        if os.environ.get("XD"):
            print("  ALONE", side.value)
            for row in sorted(range(len(found)), key=lambda row: -ranks[row])[:5]:
                print("      ", round(ranks[row], 3), worths[row], found[row].passage.text[:100].replace("\n", " "))
        if any(ranks):
            best = found[ranks.index(max(ranks))]
            first.setdefault(place(best), best)
    order = list(scores)
    rest = [hit for hit in hits if place(hit) not in first]
    return [*sorted(first.values(), key=lambda hit: order.index(place(hit)) if place(hit) in scores else len(order)), *rest]


def place(hit: Hit) -> tuple[str, int]:
    """The article and the start of a hit's passage."""
    return hit.passage.article.id, hit.passage.start
