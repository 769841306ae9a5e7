"""Comparisons: of two things that a question compares, each has its best passage among the first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import tokenise
from index.search.hits import Hit, held
from index.search.questions.names import name_terms

_ONE, _OTHER = r"(?P<one>[^?？。！!;；:：]{1,80}?)", r"(?P<other>[^?？。！!,，;；:：]{1,80}?)"
_END = (
    r"(?= (?:in terms of|with (?:regard|respect) to|regarding|when it comes to|as to)\b"
    r"|[?？。.！!,，;；:：]*\s*$|[?？,，:：] )"
)
# Before a first side: words with which a question or another part of a sentence begins.
_NO_THING = (
    r"(?!(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|has"
    r"|have|other than|besides|in|at|on|for|if|whether|to|with|by|just)\b)"
)
_NO_LIST = r"(?P<one>(?:[^?？。！!,，;；:：]|,(?! )){1,80}?)"
_LAST = r"(?=[?？。.！!]*\s*$|, (?!and\b|or\b))"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\bthe )(?<!\ba )\b(?:compare|contrast) (?:the )?{_ONE},? (?:and|with|to|against|versus|vs\.?) (?:the )?"
        rf"{_OTHER}{_END}",
        rf"\b(?:differences?|comparison|similarities) between (?:the )?{_ONE},? and (?:the )?{_OTHER}{_END}",
        rf"\bhow (?:do|does|did) (?:the )?{_ONE},? (?:and|differ from|compare (?:with|to)) (?:the )?{_OTHER}"
        rf"(?: (?:differ|compare)(?: from each other)?)?{_END}",
        rf"^{_NO_THING}(?:the )?{_ONE},? (?:versus|vs\.?) (?:the )?{_OTHER}{_END}",
        rf"^{_NO_THING}(?:the )?{_ONE},? or (?:the )?{_OTHER}[:,?] (?:which|who|what)\b",
        rf"^(?:which|who|what) [^?:,]{{1,80}}[:,] {_NO_THING}(?:the )?{_NO_LIST},? or (?:the )?{_OTHER}{_LAST}",
        rf"(?:比较|对比)(?:一下)?{_ONE}(?:和|与|跟|同|及|、){_OTHER}(?=的|有|[?？。！!,，]|$)",
        rf"^{_ONE}(?:和|与|跟|同){_OTHER}(?:之间)?(?:有|的)?(?:什么|何|哪些|[两几二三]个|主要)*"
        r"(?:区别|不同|差别|差异|异同|相比|谁更|哪个(?:更|比?较|好|[高大多强快长早]?[?？]*$))",
        rf"^{_NO_LIST}还是{_OTHER}(?:更|哪个|[?？,，]|$)",
    )
]
# Of a side that is a clause, or that asks for a thing.
_CLAUSE = re.compile(
    r"什么|哪|谁|何|能否|是否|由|会[^议]|\b(?:each other|had|has|have|is|are|was|were)\b", re.IGNORECASE
)
# "How do A and B differ?" compares, "How do A and B work together?" does not.
_DIFFERS = re.compile(r"\b(?:differ|differs|compare|compares)\b", re.IGNORECASE)
_HOW = re.compile(r"^how\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that a question compares, in its words, and the numbers of the citations that name it."""

    label: str
    numbers: tuple[int, ...]


class Comparisons(Way):
    """Two things that are compared: a mention for each."""

    kind = "comparison"
    depth = 20
    notes = ("side_missing",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """Both sides, in the order of the question."""
        for match in filter(None, (form.search(text) for form in _FORMS)):
            sides = [match["one"].strip(), match["other"].strip()]
            compares = not _HOW.match(match[0]) or _DIFFERS.search(match[0])
            if compares and _are_things(sides) and _names(sides[0]) != _names(sides[1]):
                yield from (Mention(self.kind, side, side) for side in sides)
                return

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: the sides are shown with their passages."""
        return False

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The best passage of each side first, in the order of the hits."""
        best = [next((row for row, hit in enumerate(hits) if names_side(hit, each.value)), 0) for each in mentions]
        first = sorted(set(best)) if hits else []
        return [*(hits[row] for row in first), *(hit for row, hit in enumerate(hits) if row not in first)]

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """`side_missing` where no passage names the side."""
        return "side_missing" if hits and not any(names_side(hit, mention.value) for hit in hits) else None


def sides_of(hits: Sequence[Hit], mentions: Iterable[Mention]) -> tuple[Side, ...]:
    """The sides of a comparison with the numbers of their passages, from 1; none where a side has no passage."""
    labels = [mention.value for mention in mentions if mention.kind == Comparisons.kind]
    numbers = {label: tuple(n for n, hit in enumerate(hits, 1) if names_side(hit, label)) for label in labels}
    return tuple(Side(label, numbers[label]) for label in labels) if labels and all(numbers.values()) else ()


def _are_things(sides: Iterable[str]) -> bool:
    return all(tokenise(side) and not _CLAUSE.search(side) for side in sides)


def names_side(hit: Hit, label: str) -> bool:
    """Whether a passage or its title holds the names in the label, or without any all its terms."""
    return _names(label) <= held(hit.passage)


def _names(label: str) -> frozenset[str]:
    return name_terms(f"of {label}") or frozenset(tokenise(label))
