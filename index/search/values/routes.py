"""Ways from one place to another that a question asks about, and rows of a timetable for another way."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.keywords.tokenizer import words_of
from index.patterns import lazy
from index.search.values.rows import Cell

_ASKED = lazy(
    r"\bfrom (?:the )?(?P<start>[^,;?.!]{2,60}?) (?:in)?to (?:the )?(?P<end>[^,;?.!]{2,60}?)"
    r"(?=[,;?.!]|$| (?:on|at|in|by|before|after|during|take|cost|leave|run|go|every|via)\b)"
    r"|从(?P<han_start>[^，。？到至]{2,20})[到至](?P<han_end>[^，。？的要有多几最什怎]{2,20})",
    re.IGNORECASE,
)
_FROM = frozenset("from departure start origin 起点 出发 始发站".split())
_TO = frozenset("to destination arrival end 终点 到达 终点站".split())

Route = tuple[frozenset[str], frozenset[str]]
"""The index terms of the place where a way begins, and of that where it ends."""


@lru_cache(maxsize=1_024)
def asked_route(question: str) -> Route | None:
    """The way that a question asks about: "from the station to the harbour"; None without one."""
    match = _ASKED.search(question)
    if match is None:
        return None
    start, end = words_of(match["start"] or match["han_start"]), words_of(match["end"] or match["han_end"])
    return (start, end) if start and end and start != end else None


def goes(cells: Sequence[Cell], route: Route) -> bool | None:
    """Whether a row with columns such as From and To is for this way; None for a row without them."""
    places = [
        next((words_of(cell.text) for cell in cells if cell.column.lower() in names), None) for names in (_FROM, _TO)
    ]
    if places[0] is None or places[1] is None:
        return None
    return all(asked <= held or held <= asked for asked, held in zip(route, places, strict=True) if held)
