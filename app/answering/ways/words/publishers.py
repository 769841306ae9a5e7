"""Publishers that a question names: what is of them is preferred."""

import re
from collections.abc import Iterable, Iterator

import numpy as np

from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import without
from index.arrays import Scores
from index.articles.facets import Facets, Named
from index.articles.filters import WORD, folded
from index.patterns import lazy

_LONGEST = 12  # words or Chinese characters of a publisher's name
_HALF = np.float32(0.5)  # of a weight; chosen from .1 to 1 on the project's questions
# A single word may well be something else, such as Nature: it names a publisher where it is quoted.
_QUOTED = [
    lazy(r"\b(?:according to|(?:told|quoted|published|reported) by|reports? (?:by|from|in))(?: the)? $", re.I),
    lazy(r"(?:['’]s)? (?:reports?|reported|says?|said|writes?|wrote)\b", re.I),
]
_OWNED = [lazy(r"\b(?:by|from|via|per)(?: the)? $", re.I), lazy(r"['’]s\b")]


class Publishers(Way):
    """The names of publishers, of articles and of their sources."""

    kind = "publisher"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The names, the longest first at each word."""
        return _publishers(text, known.facets)

    def tells(self, mention: Mention, known: Known) -> bool:
        """Whether other articles are not of the publisher."""
        return bool(np.ptp(self.weights(mention, known)))

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the name and the words before it."""
        return without(text, mention.text)

    def weights(self, mention: Mention, known: Known) -> Scores:
        """Half for each article of the publisher."""
        return known.facets.with_any([known.facets.publishers[folded(mention.value)]]) * _HALF


def _publishers(question: str, facets: Facets) -> Iterator[Mention]:
    """The longest names first at each word, none inside another."""
    words = [match.span() for match in WORD.finditer(question)]
    end = 0
    for number, (start, first) in enumerate(words):
        if start < end or folded(question[start:first]) not in facets.beginnings:
            continue
        for _, stop in reversed(words[number : number + _LONGEST]):
            named = facets.publishers.get(folded(question[start:stop]))
            if named and _is_meant(question, start, stop, named):
                yield Mention("publisher", named.name, question[start:stop])
                end = stop
                break


def _is_meant(question: str, start: int, stop: int, named: Named) -> bool:
    """Whether these words name a publisher: several do; one that is not quoted must be written as the name is."""
    text, before, after = question[start:stop], question[:start], question[stop:]
    if len(WORD.findall(text)) > 1:
        return True
    (reported_by, reported), (owned_by, owned) = _QUOTED, _OWNED
    if reported_by.search(before) or reported.match(after):
        return True
    return text == named.name and bool(owned_by.search(before) or owned.match(after))
