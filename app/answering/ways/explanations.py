"""Explanations: short pieces that only repeat the words of a question stand behind the passage that explains."""

import re
from collections.abc import Iterable, Sequence

from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import terms
from index.search.hits import Hit
from index.search.questions.names import names_of

_SHORT = 8  # terms of a passage, below which it may only repeat the question's
_COVERED = 0.999  # of the short piece's share of the question's terms, rounding aside
# A short piece may well answer "Who chairs it?" or "How many are there?"; it explains nothing.
_OPEN = re.compile(
    r"^(?:what(?:['’]s| (?:is|are|was|were|do|does|did|must|should|has|have|can|about)\b)(?! the \w+ (?:of|for|in)\b)"
    r"|how (?!many\b|much\b|long\b|far\b|old\b|often\b|big\b|high\b|large\b|fast\b|tall\b|deep\b)|why\b"
    r"|please\b|explain|describe|define|tell\b)|是什么|什么是|如何|怎么|怎样|为什么|介绍|解释|说明",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^(?:who|whom|whose|what|when|where|which|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"
    r"|[?？]|谁|多少|几|哪|何时|什么|吗",
    re.IGNORECASE,
)


class Explanations(Way):
    """A question that no two words can answer, or bare words to search for."""

    kind = "explanation"
    depth = 20

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The whole question."""
        if _OPEN.search(text) or not _CLOSED.search(text):
            yield Mention(self.kind, "text", text)

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: this is no matter of choice."""
        return False

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The best passage that says more goes before short pieces that hold no more of the question's terms."""
        asked = frozenset(term for _, term in terms(mentions[0].text))
        short = [_repeats(hit, asked) for hit in hits]
        if not hits or not short[0]:
            return hits
        ahead = short.index(False) if False in short else len(hits)
        most = max(hit.features.coverage for hit in hits[:ahead])
        longer = (row for row, hit in enumerate(hits) if not short[row] and hit.features.coverage >= _COVERED * most)
        first = next(longer, 0)
        return [hits[first], *hits[:first], *hits[first + 1 :]]


def _repeats(hit: Hit, asked: frozenset[str]) -> bool:
    """Whether a passage is short and holds neither a number nor a name that the question lacks."""
    text = hit.passage.text
    return len(terms(text)) < _SHORT and not (names_of(text).keys() - asked)
