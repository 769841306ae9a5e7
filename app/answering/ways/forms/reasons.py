"""Reasons: a question that asks why is answered by passages that give a reason."""

import re
from collections.abc import Iterable, Sequence

from app.answering.decision import Verdict
from app.answering.ways.ordering import fitting_first
from app.answering.ways.way import Known, Mention, Way
from index.patterns import lazy
from index.search.hits import Hit

_NEAR = 1  # sentences before and after the best one in which a reason may stand
# A capital inside a sentence is of a name ("the band Why Not"), and quotation marks of a word that is spoken of.
# After these 为 belongs to the verb: 称为什么 is "called what", and 价格为何？ is "what is the price?".
_AS = (
    r"(?<!(?<!名)称)(?<![成认叫译喻誉变改之])(?<![命改取更起全学又]名)(?<!任命)(?<![划区]分)(?<!(?<!所)以)"
    r"(?<!(?<![工合著动操制创运协])作)"
)
_WHY = lazy(
    r"^(?:(?:and|but|so|then|ok|okay)[, ]+)?(?:Why|why|WHY)\b(?! not\b)"
    r"|(?<![\"“'‘])(?<!\bthe )\bwhy\b(?! not\b)(?![\"”'’])"
    r"|\b(?:[Ff]or what|[Ww]hat(?: is| was| were| are|'s)?(?: the)?) reasons?\b|^[Hh]ow come\b"
    rf"|{_AS}(?:为什么|为啥)|为何(?![物种]|[？?。]*$)|何以|缘何"
    r"|(?:什么|何种|哪些)原因|原因(?:是|在于)(?:什么|何)",
)
_REASON = lazy(
    r"\b(?:because|due to|owing to|thanks to|therefore|thereby|hence|thus|consequently|so that|so as to|in order to"
    r"|reasons?|caus(?:e|es|ed|ing)|results? (?:in|from|of)|resulted (?:in|from)|as a result"
    r"|leads? to|led to|leading to"
    r"|on account of|on the grounds?|in response to|driven by|stems? from|stemmed from|explain(?:s|ed)?|purpose"
    r"|aim(?:s|ed)? (?:to|at)|(?:meant|intended|designed|needed|necessary|required) (?:to|for)|in view of|given that"
    r"|attribut(?:e[sd]?|able) to|for (?:fear|lack|want) of"
    r"|to (?:avoid|prevent|ensure|protect|allow|enable|keep|save|make)"
    r"|(?:since|as) (?:it|its|they|their|he|she|this|these|those|there|no|nobody|nothing|many|most|all)\b)\b"
    r"|(?<!基)因(?![此而为子素公人地特])[^，。]{2}|因为|由于|为了|因此|因而|所以|原因|旨在|以便|导致|从而|目的|得益于|归因|理由|鉴于|以防|避免|使得",
    re.IGNORECASE,
)


class Reasons(Way):
    """A question with "why"."""

    kind = "why"
    notes = ("no_reason",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The first words that ask for a reason."""
        if match := _WHY.search(text):
            yield Mention(self.kind, "reason", match[0])

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: whether a reason is asked for is no matter of choice."""
        return False

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages with a reason before alike ones without."""
        return fitting_first(hits, _gives_reason)

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` where no passage gives a reason."""
        return "related" if self.note(hits, mention) and verdict == "answer" else verdict

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """`no_reason` where no passage gives a reason."""
        return "no_reason" if hits and not any(map(_gives_reason, hits)) else None


def _gives_reason(hit: Hit) -> bool:
    """Whether a reason stands in the best sentence of a hit or beside it."""
    best, spans = hit.sentences.spans.index(hit.best_sentence), hit.sentences.spans
    near = spans[max(0, best - _NEAR) : best + _NEAR + 1]
    return _REASON.search(hit.passage.article.text, near[0][0], near[-1][1]) is not None
