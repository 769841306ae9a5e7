"""Hits for programs."""

import dataclasses
from typing import Any

from index.search.hits import Hit


def hit_fields(hit: Hit) -> dict[str, Any]:
    """The hit as `index search --json` prints it."""
    passage = hit.passage

    def place(start: int, end: int) -> dict[str, Any]:
        return {"start": start, "end": end, "text": passage.article.text[start:end]}

    return {
        "article": passage.article.id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "best_sentence": place(*hit.best_sentence),
        "answer": [place(*span) for span in hit.answer],
        "score": hit.score,
        "signals": dataclasses.asdict(hit.features),
    }
