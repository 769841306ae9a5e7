"""Words in quotation marks, and whether a text holds the very same words."""

import re
import unicodedata
from collections.abc import Iterator

from index.kept import kept
from index.keywords.tokenizer import word_spans
from index.patterns import lazy

_LETTER = "[A-Za-z0-9À-ɏ]"  # beside a straight mark: it then stands for inches or belongs to a word
_MOST = 300  # characters between two marks; bounds the time that a question full of marks takes
_PAIRS = ("“”", "„“”", "«»", "「」", "『』")
QUOTED = lazy(
    "|".join(
        [
            rf'(?<!{_LETTER})"(?=\S)[^"\n]{{1,{_MOST}}}(?<=\S)"(?!{_LETTER})',
            *(rf"{pair[0]}[^{pair}\n]{{1,{_MOST}}}[{pair[1:]}]" for pair in _PAIRS),
        ]
    )
)
_ALIKE = str.maketrans("‘’‚“”„«»「」『』‐‑–—", "'''" + '"' * 9 + "----")
CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_CJK_GAP = lazy(rf"(?<={CJK}) (?={CJK})")


def quoted(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The parts of a text in quotation marks, each with its words: without the marks and with single spaces."""
    for match in QUOTED.finditer(text):
        yield match, " ".join(match[0][1:-1].split())


def holds(text: str, words: str) -> bool:
    """Whether the text holds these very words, whole and in this order.

    Case, white space and the form of quotation marks and dashes do not count, nor does punctuation around the words.
    """
    wanted, starts, ends = _read(words)
    if not starts:
        return False
    first, last = min(starts), max(ends)
    wanted = wanted[first:last]
    normalised, starts, ends = _read(text)
    place = normalised.find(wanted)
    while place >= 0:
        if place in starts and place + len(wanted) in ends:
            return True
        place = normalised.find(wanted, place + 1)
    return False


def same(one: str, other: str) -> bool:
    """Whether two texts have the same words and no others."""
    return holds(one, other) and holds(other, one)


@kept(4_096)
def _read(text: str) -> tuple[str, frozenset[int], frozenset[int]]:
    """A text as it is compared, and the offsets where a word of it starts and where one ends."""
    normalised = " ".join(unicodedata.normalize("NFC", text).casefold().translate(_ALIKE).split())
    normalised = _CJK_GAP.sub("", normalised)
    spans = word_spans(normalised)
    owned = (end - 2 for _, end in spans if normalised.endswith("'s", 0, end))
    return normalised, frozenset(start for start, _ in spans), frozenset((*(end for _, end in spans), *owned))
