"""Units: a question for a price, a share, a weight or a duration, which a passage without any such does not answer."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex

from app.answering.decision import Verdict
from app.answering.ways.way import Known, Mention, Way
from index.search.hits import Hit
from index.search.values.kinds import Kind, holds_kind

_PRICES = r"(?:fee|fine|fare|price|salary|wage|cost|rent|ticket|charge|subscription|budget|turnover|revenue)s?"


class _Unit(NamedTuple):
    """The words that ask for it, and those of a passage that tells it, as a number of the `kind` does."""

    asked: "regex.Pattern[str]"
    told: "regex.Pattern[str]"
    kind: Kind | None


def _unit(asked: str, told: str, kind: Kind | None = None) -> _Unit:
    return _Unit(regex.compile(asked, regex.IGNORECASE), regex.compile(told, regex.IGNORECASE), kind)


_UNITS = {
    "money": _unit(
        r"\bhow much (?:\w+ )?money\b|\bhow much (?:does|do|did|will|would) [^?]{1,80}? (?:cost|charge|earn|pay)\b"
        rf"|\bhow much (?:is|are|was|were) (?:the |an? )?(?:[\w-]+ )?(?:{_PRICES}|prizes?)\b"
        r"|\bhow much (?:is|are|was|were) [^?]{0,80}?\b(?:spent|paid|invested|charged|earned)\b"
        r"|\bwhat (?:does|do|did) [^?]{1,80}? cost\b"
        r"|\bwhat (?:is|was|are|were) the (?:[\w-]+ )?(?:price|cost|fee|fare|rent|salary)s?\b"
        r"|多少钱|多少(?:亿|万|万亿)?元",
        rf"\p{{Sc}}|[元钱]|免费|\b(?:free|gratis)\b|\b{_PRICES}\b[^.\n]{{0,20}}\d",
        "money",
    ),
    "share": _unit(
        r"\b(?:what|which) (?:share|percentage|per ?cent|proportion)\b|百分之几|百分之多少",
        r"\bper ?cent|\bpercentage|\b(?:thirds?|quarters?|fifths?|tenths?|majority)\b"
        r"|\b(?:one|two|three|four|nine|\d+) (?:in|out of) \w|百分|成",
        "share",
    ),
    "weight": _unit(
        r"\bhow heavy\b|\bhow much (?:does|do|did) [^?]{1,80}? weigh\b|\bwhat (?:is|was) the (?:weight|mass) of\b|多重",
        r"\d ?(?:[km]?g|t|lbs?)\b|\b(?:kilo|milli|micro)?gram(?:me)?s?\b|\b(?:kilos?|tons?|tonnes?|pounds?|ounces?)\b"
        r"|克|公斤|吨|斤",
    ),
    "duration": _unit(
        r"\bhow long (?:did|does|do|can|may|must|will|has|have|had)\b"
        r"|\bhow many (?:seconds|minutes|hours|days|weeks|months|years)\b|多久|多长时间",
        r"\b(?:overnight|permanent|indefinite|forever|since\b|until\b|(?:day|week|month|year|decade|centur)s?\b)"
        r"|\bfrom [^.]{0,20}\d[^.]{0,20} to\b|[年月]",
        "duration",
    ),
}


class Units(Way):
    """A question for an amount of money, a share, a weight or a duration."""

    kind = "unit"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The first unit that is asked for."""
        found = ((name, unit.asked.search(text)) for name, unit in _UNITS.items())
        return [Mention(self.kind, name, match[0]) for name, match in found if match][:1]

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: which unit is asked for is no matter of choice."""
        return False

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` where the first passage has nothing of the unit."""
        return "related" if verdict == "answer" and hits and not _holds(hits[0], mention.value) else verdict


def _holds(hit: Hit, unit: str) -> bool:
    text, (_, told, kind) = f"{hit.passage.article.title}\n{hit.passage.text}", _UNITS[unit]
    return told.search(text) is not None or (kind is not None and holds_kind(text, kind))
