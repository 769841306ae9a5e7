"""Datelines: lines at the head of a text that say when and where it was written, and answer nothing else."""

import re
from collections.abc import Sequence

from index.articles.dates import dates_in
from index.patterns import lazy
from index.search.values.kinds import number_asked

_LINES = 3  # sentences at the head of a text
_WHERE = lazy(r"\bwhere\b|\bwhich (?:room|place|town|city|hall)\b|哪里|哪儿|何处", re.IGNORECASE)
_LABEL = lazy(r"(?:date|dated|datum|place|time|日期|时间|地点)[:：]", re.IGNORECASE)
_HEAD = lazy(
    r"(?:(?:the )?(?:minutes|report|notes?|bulletin|agenda|protocol|newsletter|record|summary|circular|press release)\b"
    r"|[^,.;:]{0,60}(?:会议记录|会议纪要|简报|纪要))",
    re.IGNORECASE,
)
_STATES = lazy(r"\b(?:is|are|was|were|has|have|had|will|says?|said|shows?|gives?|gave|finds?|found)\b", re.IGNORECASE)


def datelines(sentences: Sequence[str], question: str) -> list[int]:
    """The numbers of the first sentences of a text that are datelines: a label, or a heading with a date.

    None for a question that asks when or where, and none where no other sentence is left.
    """
    if number_asked(question) == "date" or _WHERE.search(question):
        return []
    found = [row for row, sentence in enumerate(sentences[:_LINES]) if _is_dateline(sentence)]
    return found if len(found) < len(sentences) else []


def _is_dateline(sentence: str) -> bool:
    if _LABEL.match(sentence):
        return True
    return bool(_HEAD.match(sentence) and dates_in(sentence)) and not _STATES.search(sentence)
