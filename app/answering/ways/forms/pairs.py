"""Pairs: the two things that a question sets side by side, and the question about each of them alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.articles.dates import years_in
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.patterns import lazy

_LONGEST = 400  # characters of a question that is read: the patterns are not linear
_ONE, _OTHER = r"(?P<one>[^?？。！!;；:：]{1,80}?)", r"(?P<other>(?:[^?？。！!,，;；:：]|,(?=\d)){1,80}?)"
_SINGLE = r"(?P<one>(?:[^?？。！!,，;；:：]|,(?=\d)){1,80}?)"  # behind a topic that ends with a comma
_TIME = r"(?:in )?(?:the year )?(?:19|20)\d\d(?!\d)"
_NAME = r"(?:the )?(?-i:[A-Z])[\w'’&-]*(?: (?-i:[A-Z0-9])[\w'’&.-]*){0,5}"
_BE, _DO = r"is|are|was|were", r"did|does|do|has|have|had|will|can|could"
_WH = r"who|whose|whom|what|when|where|which|why|how"
_COMPARED = r"(?:compared (?:with|to)|in comparison (?:with|to)|as against)"
_VERSUS = rf"(?:versus|vs\.?|{_COMPARED})"
_MORE = r"(?:more|less|fewer|(?:earl|heav|wealth|eas|bus)ier|[a-z]{2,12}er)"
_ASPECT = r" (?:in terms of|with (?:regard|respect) to|regarding|when it comes to|as to|as regards)\b"
_END = rf"(?={_ASPECT}|[?？。.！!,，;；:：]*\s*$|[?？,，;；:：] )"
_QUANTITY = r"(?!\d|(?:one|two|half|an?|ever|expected|planned|before|usual|just|once|any|all)\b)"
# Before a first side: words with which a question or another part of a sentence begins.
_NO_THING = (
    r"(?!(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|has"
    r"|have|other than|besides|in|at|on|for|if|whether|to|with|by|just)\b)"
)
_NO_LIST = r"(?P<one>(?:[^?？。！!,，;；:：]|,(?! )){1,80}?)"
_LAST = r"(?=[?？。.！!]*\s*$|, (?!and\b|or\b))"
# What stands in each form: a question without it has no pair.
_HINT = lazy(
    r"\b(?:and|or|than|versus|vs|against|compared?|contrast|comparison|differ|measure|stack|as \w+ as)\b|\? \w"
    "|[和与跟、同及比]|以及|还是",
    re.IGNORECASE,
)
_FORMS = [
    lazy(form, re.IGNORECASE)
    for form in (
        r"(?<=\w )(?P<one>in (?:19|20)\d\d) and (?P<other>(?:19|20)\d\d)(?=[?.! ]*$)",
        rf"(?<!\bthe )(?<!\ba )\b(?:compare|contrast) (?:the )?{_ONE},? (?:and|with|to|against|versus|vs\.?) "
        rf"(?:the )?{_OTHER}{_END}",
        rf"\b(?:differences?|comparison|similarities) between (?:the )?{_ONE},? and (?:the )?{_OTHER}{_END}",
        rf"\bhow (?:do|does|did) (?:the )?{_ONE} and (?:the )?{_OTHER} (?:differ|compare)\b",
        rf"\bhow (?:do|does|did) (?:the )?{_ONE},? (?:differ from|compare (?:with|to)) (?:the )?{_OTHER}{_END}",
        rf"\bhow (?:do|does|did) (?:the )?{_ONE} (?:measure|stack) up (?:against|to|with) (?:the )?{_OTHER}{_END}",
        rf"^set (?:the )?{_ONE} against (?:the )?{_OTHER}{_END}",
        rf"(?:^|[:,] ){_NO_THING}(?:the )?{_SINGLE},? (?:versus|vs\.?) (?:the )?{_OTHER}{_END}",
        rf"(?:^|[:,] )(?:the )?{_SINGLE},? {_COMPARED} (?:the )?{_OTHER}{_END}",
        rf"[:,] (?P<one>{_NAME}|the [^?:,;]{{1,60}}?) against (?:the )?{_OTHER}{_END}",
        rf"\b(?:{_WH})\b [^?:,]{{1,80}}[:,] {_NO_THING}(?:the )?{_NO_LIST},? or (?:the )?{_OTHER}{_LAST}",
        rf"^{_NO_THING}(?:the )?{_ONE},? or (?:the )?{_OTHER}[:,?] (?=which|who|what)",
        rf"^(?:the )?{_ONE},? and (?:the )?{_OTHER}[:,] (?=.*\b(?:each|respectively|both)\b)",
        rf"(?<=\s)(?P<one>{_NAME}) or (?P<other>{_NAME})(?= [^?]*\b(?:first|{_MORE})\b)",
        rf"(?<=\s)(?P<one>{_NAME}) and (?P<other>{_NAME})(?= [^?]*\b(?:each|respectively)\b)",
        rf"\b{_MORE}\b[^?:,;]{{0,30}}? (?P<one>(?P<prep>on|at|in|by|for|with) [^?:,;]{{1,60}}?) (?:than|or) "
        rf"(?P<other>(?P=prep) [^?:,;]{{1,60}}?){_END}",
        rf"\bboth (?P<one>(?:in |at |on |for |to )?(?:the )?[^?:,;]{{1,60}}?) and (?P<other>[^?:,;]{{1,60}}?){_END}",
        rf"\b(?:{_DO}) (?P<one>(?:the )?[a-z][\w-]*(?: [a-z][\w-]*)??) \w+ {_MORE} (?:\w+ )?than "
        rf"{_QUANTITY}{_OTHER}{_END}",
        rf"\b(?:{_BE}) (?P<one>(?!there |it |this )[^?:,;]{{1,80}}?) (?:\w+ly )?{_MORE}\b[^?:,;]{{0,60}}? than "
        rf"{_QUANTITY}{_OTHER}{_END}",
        rf"\b(?:{_DO}|that) (?P<one>{_NAME}) [^?:,;]{{1,80}}?\b{_MORE}\b[^?:,;]{{0,60}}? than "
        rf"{_QUANTITY}{_OTHER}{_END}",
        rf"\b(?:{_BE}|{_DO}) (?:the )?{_ONE} (?:before or after|above or below|as \w+ as) {_OTHER}{_END}",
        rf"\b(?P<same>for|of|in|by|at) (?:the )?{_SINGLE},? and (?P=same) (?:the )?{_OTHER}{_END}",
        r"(?P<one>\bin (?:19|20)\d\d)\b[^?:,;]{1,80}? than (?P<other>in (?:19|20)\d\d)\b",
        rf"(?<!between )(?<!from )(?P<one>\b{_TIME})(?:,? (?:and|or|versus|vs\.?) )(?P<other>{_TIME})",
        rf"(?P<one>\b(?:{_WH})\b[^?;:]{{1,120}}?)(?:,? and|\?) (?P<other>(?:{_WH})\b[^?;:]{{1,120}})",
    )
]
_KINDS = (lazy(_TIME, re.IGNORECASE), lazy(_NAME))
_BOTH = r"(?P<both>[^?？。！!,，;；:：]{3,80}?)"
_CHINESE = [
    lazy(form)
    for form in (
        rf"(?:比较|对比)(?:一下)?{_BOTH}(?=有(?:什么|何|哪些)|之间|的?(?:区别|不同|差别|差异|异同)|[?？。！!,，:：]|$)",
        rf"^{_BOTH}(?:之间)?(?:有|的)?(?:什么|何|哪些)?"
        r"(?:区别|不同|差别|差异|异同|相比|谁更|哪个(?:更|比?较|好|[高大多强快长早]?[?？]*$))",
        rf"^{_BOTH}(?=(?:[，,:：]|在|于|对)[^?？]*(?:分别|各自|各有|各是)|分别|各自|各有|各是)",
        r"^(?:是)?(?P<one>[^?？。！!,，;；:：]{1,80}?)还是(?P<other>[^?？。！!,，;；:：]{1,80}?)(?=更|哪|谁|[?？,，]|$)",
        r"^(?P<one>[^?？。！!,，;；:：]{1,80}?)比(?![较例重如赛分率值])(?P<other>[^?？。！!,，;；:：]{1,80}?)"
        r"(?=[更高低多少大小早晚快慢强弱贵好长短重])",
        rf"^{_BOTH}(?=[，,](?:哪|谁|两者|二者))",
        r"(?P<one>(?:19|20)\d\d年)(?:和|与|跟|、)(?P<other>(?:19|20)\d\d年)(?!之间|间)",
    )
]
_AND = (lazy("[和与跟、]|以及"), lazy("[同及]"))
_LINK = lazy(
    rf"^[\s,?]*(?:(?:and|or|with|to|against|from|differ from|compare (?:with|to)|{_VERSUS}"
    rf"|(?:measure|stack) up (?:against|to|with)|和|与|跟|同|及|以及|、|还是|比)(?= |$|(?<=[和与跟同及、是比])))?"
    r"(?: the)?\s*|\s*\bthan(?: the)?\s*$",
    re.IGNORECASE,
)
# Words that compare: there is nothing to compare in the question about one side.
_COMPARING = lazy(
    r"^(?:please )?(?:compare|contrast|set)\b(?: the)?"
    r"|\b(?:what (?:is|are|was|were) )?(?:the )?(?:main )?(?:differences?|similarities|comparison) between(?: the)?"
    r"|\bdiffer(?: from each other)?\b|\bcompare\b"
    r"|\b(?:each|respectively)\b|分别|各自|比较(?:一下)?|对比(?:一下)?|(?:之间)?(?:有|的)?(?:什么|何|哪些)?(?:区别|不同|差异)",
    re.IGNORECASE,
)
_HOW = lazy(r"\bhow (?:do|does|did)\b(?=[^?]*\b(?:differ|compare|(?:measure|stack) up)\b)", re.IGNORECASE)
_CLAUSE = lazy(rf"(?:{_WH}|{_BE}|{_DO})\b", re.IGNORECASE)
_ASKED = lazy("什么|哪|谁|何|能否|是否|由|会(?!议)")  # of a side that is a clause, or that asks for a thing
_ELIDED = lazy(rf"^(?:how many|how much|which|what) (?={_BE}|{_DO})", re.IGNORECASE)
_COUNTED = lazy(rf"^(?:how many|how much|which|what) (?P<noun>[^?]{{1,60}}?) (?:{_BE}|{_DO})\b", re.IGNORECASE)
_LEANS = lazy(r"\b(?:it|its|they|their|them|he|him|she|her|his|this|these|that|those)\b", re.IGNORECASE)
_THAT = lazy(r"^(?:that|those) (?=of|in|for|at|from|by)", re.IGNORECASE)
_PREPOSITION = lazy(r"\b(?:of|in|for|at|by|from|on|as|during|under|with|since)\b", re.IGNORECASE)
_FINITE = lazy(r"^[^,]{1,60}? (?:is|are|was|were|has|have|had|does|did)\b", re.IGNORECASE)
_SAME_YEAR = lazy(r"\b(?:that|the same) year\b|(?:当|同)年", re.IGNORECASE)
_ORDINAL = r"(?:\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth|one|two|three|four|five|old|new|former|latter)"
_HEAD = lazy(r"(?:[a-z&-]+ ){1,4}(?:of|for|at) (?:the |an? )?(?=\w)")  # "opening hours of the"
_FEW = 3  # words of a side that shares the head of the other: "of the library and the pool"
_NUMBERED = lazy(rf"^{_ORDINAL}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a pair: its words in the question, and the question about it alone."""

    label: str
    question: str


def pair_in(text: str) -> tuple[Half, ...]:
    """Both sides of the pair that a question sets side by side, in order; empty without one."""
    for one, other in _spans(text) if len(text) <= _LONGEST and _HINT.search(text) else ():
        labels = text[slice(*one)], text[slice(*other)]
        if all(tokenise(label) and not _ASKED.search(label) for label in labels) and set(tokenise(labels[0])) != set(
            tokenise(labels[1])
        ):
            return _halves(text, one, other)
    return ()


def _spans(text: str) -> Iterator[tuple[Span, Span]]:
    """The spans of both sides, by each form that the text has."""
    for match in filter(None, (form.search(text) for form in _FORMS)):
        one, other = match.span("one"), match.span("other")
        asks = [_CLAUSE.match(match[name]) is not None for name in ("one", "other")]
        if asks == [True, False]:
            one = _inside(match["one"], one[0], match["other"]) or (0, 0)
        # "What is it and how old is it?" asks twice about one thing.
        if one[1] and not (all(asks) and _LEANS.search(match["other"])):
            yield one, other
    for match in filter(None, (form.search(text) for form in _CHINESE)):
        both = "both" in match.re.groupindex
        if spans := _parted(text, match.span("both")) if both else (match.span("one"), match.span("other")):
            yield spans


def _inside(clause: str, start: int, other: str) -> Span | None:
    """The last time in a clause if the other side is a time, the last name if it is a name."""
    form = next((form for form in _KINDS if form.match(other)), None)
    last = next(iter([*form.finditer(clause, 1)][-1:]), None) if form else None
    return (start + last.start(), start + last.end()) if last else None


def _parted(text: str, both: Span) -> tuple[Span, Span] | None:
    """The two sides in a Chinese span, parted by "and" where they are most alike in length."""
    start, end = both
    links = next(filter(None, (list(link.finditer(text, start + 1, end - 1)) for link in _AND)), None)
    if links is None:
        return None
    link = min(links, key=lambda each: abs((each.start() - start) - (end - each.end())))
    if "的" not in text[start : link.start()]:  # the rest belongs to both sides
        end = next((row for row in range(link.end() + 1, end) if text[row] == "的"), end)
    return (start, link.start()), (link.end(), end)


def _halves(text: str, one: Span, other: Span) -> tuple[Half, Half]:
    labels = text[slice(*one)].strip(), text[slice(*other)].strip()
    if all(map(_CLAUSE.match, labels)):
        return Half(labels[0], labels[0]), Half(labels[1], _completed(*labels))
    labels = labels[0], _that_year(*labels)
    text = _HOW.sub(lambda how: " " * len(how[0]), text)
    before, between, after = text[: one[0]], _LINK.sub("", text[one[1] : other[0]]), text[other[1] :]
    if _FINITE.search(labels[1]):  # "than China has science links" asks for itself
        return Half(text[slice(*one)].strip(), _tidy(f"{before}{labels[0]} {between}{after}")), Half(
            labels[1], labels[1]
        )
    first, second = (
        " ".join(_COMPARING.sub(" ", f"{before}{side} {between}{after}").split()) for side in _shared(*labels)
    )
    return Half(text[slice(*one)].strip(), _tidy(first)), Half(text[slice(*other)].strip(), _tidy(second))


def _that_year(one: str, other: str) -> str:
    """The second side with the year of the first in place of "that year"."""
    years = years_in(one)
    return _SAME_YEAR.sub(years[-1], other) if years else other


def _tidy(text: str) -> str:
    return re.sub(r" (?=[:,.?，？])", "", text)


def _completed(one: str, other: str) -> str:
    """The second of two questions with the words that it leaves to the first.

    "When did Rome fall" completes "when did Troy", and "how many ships came" completes "how many were lost".
    """
    words, others = one.split(), other.split()
    same = next((n for n, pair in enumerate(zip(words, others, strict=False)) if pair[0].lower() != pair[1].lower()), 0)
    named = all(each[same : same + 1] and each[same][:1].isupper() for each in (words, others))
    if named and same > 1 and len(others) < len(words):
        return " ".join([*others, *words[len(others) :]])
    if (elided := _ELIDED.match(other)) and (counted := _COUNTED.match(one)):
        return f"{elided[0]}{counted['noun']} {other[elided.end() :]}"
    return other


def _shared(one: str, other: str) -> tuple[str, str]:
    """Both sides with the words that they share but of which one is left out.

    "R&D of Beijing", "of Shanghai"; "hours of the library", "pool"; "goals of 2024", "those of 2025"; "first", "second
    conference"; "phase one", "phase two of the plan".
    """
    that, opening = _THAT.search(other), _PREPOSITION.match(other)
    word = _PREPOSITION.match(other[that.end() :]) if that else opening
    if word and (places := [m for m in _PREPOSITION.finditer(one) if m[0].lower() == word[0].lower()]):
        other = one[: places[-1].start()] + other[that.end() if that else 0 :]
    elif not word and (head := _HEAD.match(one)) and _shares(head[0], other):
        other = head[0] + other
    words, others = one.split(), other.split()
    tail = others[len(words) :]
    alike = len(words) <= len(others) and all(map(_alike, words, others))
    if tail and alike and (_NUMBERED.match(words[-1]) or _PREPOSITION.match(tail[0])):
        return " ".join([*words, *tail]), other
    return one, other


def _shares(head: str, other: str) -> bool:
    """Whether the head of one side may stand before the other, too: not before one of the same kind or a long one."""
    is_whole = _PREPOSITION.search(other) or not set(tokenise(head)).isdisjoint(tokenise(other))
    return not is_whole and len(other.split()) <= _FEW


def _alike(word: str, other: str) -> bool:
    """Whether two words are the same, both numbers, or both names."""
    both = word, other
    return word.lower() == other.lower() or all(map(_NUMBERED.match, both)) or all(each[:1].isupper() for each in both)
