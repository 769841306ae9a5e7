"""Sentence spans by script-aware rules: abbreviations, decimals, quotations, CJK full stops."""

import re

from index.patterns import lazy

Span = tuple[int, int]

# Possessive, and tried at the first mark of a run only, so that a long row of dots takes linear time.
_BOUNDARY = lazy(
    r"(?P<latin>(?<![.!?…])[.!?…]++[)\]}\"'”’»]*+(?:\[\d+\])*+)(?=\s)"
    r"|(?P<cjk>[。！？][。！？…]*+[”’」』）】》〉)\]]*+)"
    r"|(?P<line>\n)"
)
_UNSPACED = r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CJK = lazy(f"[{_UNSPACED}]")
_LAST_WORD = lazy(rf"(?:[^\W{_UNSPACED}]|[.&'’-])+\Z")

# Abbreviations that never end a sentence: a name or a figure always follows.
_TITLES = frozenset(
    "dr mr mrs ms prof rev hon gen maj adm col lt sgt capt sen rep gov messrs vs cf e.g i.e viz approx".split()
)
# Abbreviations that end a sentence unless a number follows: "No. 5", "Jan. 26", "p. 12".
_BEFORE_NUMBER = frozenset(
    "no nos jan feb mar apr jun jul aug sep sept oct nov dec fig figs eq sec para vol ch art p pp ca est".split()
)
# Abbreviations that end a sentence only if the next word is a typical sentence opener.
_AMBIGUOUS = frozenset("inc ltd co corp llc plc bros dept univ ph.d jr sr a.m p.m st mt ft".split())
_STARTERS = frozenset(
    "the a an this that these those it its he she they we i you in on at by for from to as if when while after before "
    "however but and so yet there here his her their our both each some many most under over during since with".split()
)


def is_cjk(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    return bool(_CJK.match(character))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of `text[start:end]`, without surrounding space.

    They cover every visible character. A line break always ends a sentence; an ellipsis
    ends a CJK sentence only next to another mark.
    """
    stop = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, stop):
        if match["latin"] and not _ends(text, begin, match, stop):
            continue
        end = match.end()
        # A straight quotation mark right after a CJK full stop closes the open quotation.
        if match["cjk"] and text.startswith('"', end, stop) and text.count('"', begin, end) % 2:
            end += 1
        _append(spans, text, begin, end)
        begin = end
    _append(spans, text, begin, stop)
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    if sentence := text[start:end].strip():
        start = text.index(sentence, start)
        spans.append((start, start + len(sentence)))


def _ends(text: str, begin: int, match: re.Match[str], stop: int) -> bool:
    following = text[match.end() : min(stop, match.end() + 40)].lstrip(" \t\xa0\u3000\"'“‘([«")
    if following[:1].islower():
        return False
    if not match["latin"].startswith(".") or match["latin"].startswith(".."):
        return True
    before = text[max(begin, match.start() - 40) : match.start()]
    if not before.strip(" \t0123456789."):  # "1. A list number", "2.1. Another"
        return False
    word = _LAST_WORD.search(before)
    return _ends_after(word[0].lstrip("'’-") if word else "", following)


def _ends_after(word: str, following: str) -> bool:
    lower = word.lower()
    if lower in _TITLES:
        return False
    if lower in _BEFORE_NUMBER:
        return not following[:1].isdigit()
    are_initials = all(len(part) == 1 and part.isupper() for part in word.replace("-", "").split("."))  # U.S, J.-P
    if lower in _AMBIGUOUS or are_initials:
        opener = re.match(r"\w+", following)
        return not following or bool(opener and opener[0].lower() in _STARTERS)
    return True
