"""Sentence spans by script-aware rules: abbreviations, decimals, quotations, CJK full stops."""

import re

Span = tuple[int, int]

_CLOSERS = r"[)\]}\"'”’»]*"
_BOUNDARY = re.compile(
    rf"(?P<latin>[.!?…]+{_CLOSERS})(?=\s)"
    r"|(?P<cjk>[。！？…]+[”’」』）】》]*)"
    r"|(?P<line>\n)"
)
_CJK = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff]"
)

# Never the end of a sentence: a name or a figure always follows.
_TITLES = frozenset(
    "dr mr mrs ms prof gen col lt sgt capt sen rep gov st mt ft messrs vs cf e.g i.e viz approx".split()
)
# The end of a sentence unless a number follows: "No. 5", "Jan. 26", "p. 12".
_BEFORE_NUMBER = frozenset(
    "no nos jan feb mar apr jun jul aug sep sept oct nov dec fig figs eq sec vol ch art p pp".split()
)
# The end of a sentence only where the next word plainly opens one.
_AMBIGUOUS = frozenset("inc ltd co corp llc plc bros dept univ ph.d d.c u.s u.k u.n e.u jr sr a.m p.m".split())
_STARTERS = frozenset(
    "the a an this that these those it its he she they we i you in on at by for from to as if when while after before "
    "however but and so yet there here his her their our both each some many most under over during since with".split()
)


def is_cjk(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    return bool(_CJK.match(character))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of `text[start:end]`, without the space around them.

    Together they hold every visible character; a line break always ends a sentence.
    """
    stop = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, stop):
        if match["latin"] and not _ends(text, begin, match, stop):
            continue
        _append(spans, text, begin, match.end())
        begin = match.end()
    _append(spans, text, begin, stop)
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _ends(text: str, begin: int, match: re.Match[str], stop: int) -> bool:
    following = text[match.end() : min(stop, match.end() + 40)].lstrip(" \t\"'“‘([«")
    if following[:1].islower():
        return False
    if not match["latin"].startswith(".") or match["latin"].startswith(".."):
        return True
    word = text[max(begin, match.start() - 40) : match.start()].split()[-1:] or [""]
    return _ends_after(
        word[0].lstrip("(\"'“‘["), following, is_first=not text[begin : match.start()].strip(" \t0123456789")
    )


def _ends_after(word: str, following: str, *, is_first: bool) -> bool:
    if is_first:  # "1. A list number"
        return False
    lower = word.lower()
    if lower in _TITLES:
        return False
    if lower in _BEFORE_NUMBER:
        return not following[:1].isdigit()
    is_initial = len(word) == 1 and word.isupper()
    if lower in _AMBIGUOUS or is_initial:
        opener = re.match(r"\w+", following)
        return not following or bool(opener and opener[0].lower() in _STARTERS)
    return True
