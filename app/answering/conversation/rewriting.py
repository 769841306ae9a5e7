"""Rewriting: a follow-up that only puts another year or name in, as the whole question that it means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from app.answering.ways.times.counts import COUNT, count_of
from index.articles.dates import MONTH
from index.passages.sentences import Span
from index.patterns import lazy_regex

_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_TIME = rf"(?:(?:\d{{1,2}} )?{MONTH} (?:\d{{1,2}},? )?)?{_YEAR}(?:年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?[底末初]?)?"
_TIMES, _YEARS, _HAN = lazy_regex(_TIME, regex.IGNORECASE), lazy_regex(_YEAR), lazy_regex(r"\p{Han}")
_BEGINS = (
    r"^(?:(?:ok|okay|well|yes|no|so|right)\b[,.!]? )?(?:(?:and|but|or|then|now)\b,? )?"
    r"(?:(?:what|how) (?:was (?:it|that)|were (?:they|those)|about|is it)\b,? |it was )?"
)
_SAME = r"(?:(?:and )?the same(?: thing| question| figures?| numbers?)?(?: again)? )?"
_LINK = (
    r"(?:the ones? |that )?(?:(?:in|for|by|since|until|during|of|at the end of|about|from|with)\b )?(?:the )?(?:year )?"
)
_END = r"(?:,? (?:then|please|too|as well|instead))?[ ?.!？。]*$"


def _form(pattern: str) -> "regex.Pattern[str]":
    return lazy_regex(pattern, regex.IGNORECASE)


_OTHER_TIME = [
    _form(rf"{_BEGINS}{_SAME}{_LINK}(?P<time>{_TIME}){_END}"),
    _form(rf"^(?:那么?|还有|以及|而)?(?:在|到)?(?P<time>{_TIME}年?)(?:的)?(?:呢|怎么样|如何|又如何|同样)?[?？。]*$"),
]
_AT_PRESENT = [
    _form(rf"{_BEGINS}(?:now(?:adays)?|today|currently|at (?:present|the moment)|these days){_END}"),
    _form(r"^(?:那么?|那)?(?P<han>现在|如今|目前|今天|眼下)呢?[?？。]*$"),
]
_IN_TIME = rf"(?:\b(?:in|for|by|since|until|during|of|at the end of) )?(?:the year )?(?:{_TIME})"
_TIME_PHRASES = lazy_regex(_IN_TIME, regex.IGNORECASE)
_YEARS_ON = [
    _form(rf"{_BEGINS}{_LINK}(?:(?P<count>an?|{COUNT}) )?years? (?P<way>before|after|earlier|later)(?: that)?{_END}"),
    _form(rf"{_BEGINS}{_LINK}(?P<way>previous|preceding|prior|following|next) year{_END}"),
    _form(rf"{_BEGINS}(?P<way>before|after) that{_END}"),
    _form(r"^(?:那么?|还有)?(?:它的)?(?P<way>前|上|后|次|下)一?年(?:呢|是多少|怎么样)?[?？。]*$"),
    _form(rf"^(?:那么?|再)?(?:(?P<count>{COUNT})年)?之?(?P<way>前|后)呢?[?？。]*$"),
]
# The same at the end of a question that leans on the one before it. "Next year" is told from today, and a comparison
# with another year asks about both.
_WHILE = r"(?<!\b(?:than|with|from|over|on|compared to) (?:the |a )?)\b(?:(?:in|for|by|during|of|at) )?"
_LAST = rf"(?=(?:,? then)?{_END})"
_COUNTED = rf"(?:the )?(?:(?P<count>{COUNT}) years?|(?:a )?year)"
_WITHIN = [
    _form(rf"{_WHILE}{_COUNTED} (?P<way>before|after|earlier|later)(?: that)?{_LAST}"),
    _form(rf"{_WHILE}the (?P<way>previous|preceding|prior|following) year{_LAST}"),
    _form(rf"^(?:那么?|再)?(?P<count>{COUNT})年[之以]?(?P<way>前|后)"),
]
_BACK = frozenset(("before", "earlier", "previous", "preceding", "prior", "前", "上"))

_NO_NAME = rf"(?!(?:who|whom|whose|what|which|when|where|why|how|compare|{MONTH})(?![\p{{L}}\p{{N}}]))"
_CAPITALISED = r"(?-i:\p{Lu})[\p{L}\p{N}&-]*"
_NAME = rf"{_NO_NAME}{_CAPITALISED}(?:(?: of| for| and| the)* (?:{_CAPITALISED}|\d[\d.]*))*"
_NAMES = _form(rf"(?<![\p{{L}}\p{{N}}]){_NAME}")
_ANOTHER = rf"(?:the )?(?P<name>{_NAME})"
_OTHER_NAME = [
    _form(
        r"^(?:(?:ok|okay|well|yes|no|so|right)\b[,.!]? )?(?:(?:and|but|or)\b,? )?"
        rf"(?:and|(?:what|how) about|the same(?: thing| question)?)(?: (?:in|for|of|from|with))? {_ANOTHER}{_END}"
    ),
]
_IT = r"(?:that|it|this|those|them|these|him|her)(?: (?:figures?|numbers?|results?|values?|one))?"
_COMPARED = [
    _form(
        rf"{_BEGINS}(?:(?:can|could) you )?(?:please )?(?:compare|contrast) {_IT} (?:with|to|and|against)"
        rf" (?:that of )?{_ANOTHER}{_END}"
    ),
    _form(
        rf"{_BEGINS}how (?:does|do|did) {_IT} (?:compare|differ) (?:with|to|from|against) (?:that of )?{_ANOTHER}{_END}"
    ),
    _form(rf"{_BEGINS}(?:versus|vs\.?|(?:as )?compared (?:with|to)|in comparison (?:with|to)) {_ANOTHER}{_END}"),
]
_LONGEST = 500  # characters of a question
# Words that are put in although no word in the question before is like them: "And universities?", "What if it is blue?"
_FRAGMENT = _form(
    r"^(?:(?:ok|okay|well|yes|no|so|right)\b[,.!]? )?(?:and|but|(?:and )?(?:what|how) about"
    r"|(?:and )?what if (?:it|they|that) (?:is|are|was|were))"
    r" (?:(?:in|for|of|from|with) )?(?:the )?"
    r"(?P<words>(?!(?:who|what|when|where|why|how|which|the|if|is|are|was|were|do|does|did|has|have|had|can|could|will"
    r"|would|it|its|that|this|these|those|they|them|their|he|him|his|she|her|there|then|now|before|after|so|not|my|your)\b)"
    rf"[\w&.'’-]{{2,}}(?: [\w&.'’-]+){{0,2}}){_END}"
)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A whole question, and the words in it that the follow-up put in."""

    text: str
    focus: str


def rewritten(text: str, before: str) -> Rewriting | None:
    """The question that a follow-up means after the question before it, which is understood alone.

    "And in 2023?" asks the same about another year, "and now?" about today, "the year before?" about that year,
    "What about Shanghai?" about another name of the same kind, and "Compare that with Shanghai" about both names. None
    for any other text, and where the question before has no such year or name, or more than one.
    """
    if len(text) > _LONGEST or len(before) > _LONGEST:
        return None
    times = (_at_another_time, _at_present, _years_on)
    return next(filter(None, (form(text, before) for form in (*times, _compared, _named))), None)


def dated(text: str, before: str) -> Rewriting | None:
    """A follow-up with the year that it means after the question before it: "How high is it in 2030?".

    None for one that tells no time by that of the question before, and where that has no year, or more than one.
    """
    years = list(_YEARS.finditer(before))
    match = next(filter(None, (form.search(text) for form in _WITHIN)), None)
    if match is None or len(years) != 1 or max(len(text), len(before)) > _LONGEST or _YEARS.search(text):
        return None
    year = _moved(years[0][0], match)
    words = f"{year}年" if _HAN.search(match[0]) else f"in {year}"
    return Rewriting(_put_in(text, match.span(), words).text, year)


def fragment(text: str) -> str:
    """The words that a follow-up without a verb puts in; empty for any other text."""
    match = _FRAGMENT.match(text)
    return match["words"] if match else ""


def _at_another_time(text: str, before: str) -> Rewriting | None:
    match = _matched(_OTHER_TIME, text)
    spans = [found.span() for found in _TIMES.finditer(before)]
    if match is None or len(spans) > 1:
        return None
    if spans:
        return _put_in(before, spans[0], match["time"])
    link = "" if _HAN.search(before) else "in "
    return Rewriting(f"{before.rstrip(' ?？.。!')} {link}{match['time']}?", match["time"])


def _at_present(text: str, before: str) -> Rewriting | None:
    match = _matched(_AT_PRESENT, text)
    spans = [found.span() for found in _TIME_PHRASES.finditer(before)]
    if match is None or len(spans) != 1:
        return None
    return _put_in(before, spans[0], match.groupdict().get("han") or "currently")


def _years_on(text: str, before: str) -> Rewriting | None:
    match, years = _matched(_YEARS_ON, text), list(_YEARS.finditer(before))
    if match is None or len(years) != 1:
        return None
    return _put_in(before, years[0].span(), _moved(years[0][0], match))


def _moved(year: str, match: "regex.Match[str]") -> str:
    """The year that lies before or after this one, as the words of a follow-up tell."""
    written = match.groupdict().get("count")
    count = count_of(None if written in ("a", "an") else written)
    return str(int(year) + (-count if match["way"].lower() in _BACK else count))


def _compared(text: str, before: str) -> Rewriting | None:
    match = _matched(_COMPARED, text)
    span = _alike(match["name"], before) if match else None
    return Rewriting(f"{before} Compare {before[slice(*span)]} with {match['name']}", "") if match and span else None


def _named(text: str, before: str) -> Rewriting | None:
    match = _matched(_OTHER_NAME, text)
    span = _alike(match["name"], before) if match else None
    return _put_in(before, span, match["name"]) if match and span else None


def _alike(name: str, before: str) -> Span | None:
    """The span of the only name in the question that looks like this one; None without any, or with several."""
    kind = _looks(name)
    spans = [span for span in _name_spans(before) if _looks(before[slice(*span)]) == kind]
    named = {before[slice(*span)] for span in spans}
    return spans[0] if len(named) == 1 else None


def _name_spans(text: str) -> Iterator[Span]:
    """The spans of the names in a text; the word that begins it is none."""
    return (match.span() for match in _NAMES.finditer(text, max(text.find(" "), 0)))


def _looks(name: str) -> tuple[bool, bool, bool]:
    """Whether a name has several words, a digit, and several capital letters in a word."""
    words = name.split()
    capitals = any(sum(letter.isupper() for letter in word) > 1 for word in words)
    numbered = any(sign.isdigit() for sign in name)
    return len(words) > 1 and not numbered, numbered, capitals


def _matched(forms: Iterable["regex.Pattern[str]"], text: str) -> "regex.Match[str] | None":
    return next(filter(None, (form.match(text.strip()) for form in forms)), None)


def _put_in(text: str, span: Span, words: str) -> Rewriting:
    """The text with these words in place of the span."""
    return Rewriting(text[: span[0]] + words + text[span[1] :], words)
