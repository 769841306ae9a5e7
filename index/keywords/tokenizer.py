"""The tokeniser of BM25, by script: stemmed English words, whole numbers, CJK bigrams."""

import unicodedata
from functools import lru_cache
from itertools import pairwise
from threading import local

import regex
import Stemmer

from index.keywords.values import blanked, values_in
from index.patterns import lazy_regex

STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be been before being but by can could did do does doing done "
    "during each for from had has have having he her here hers him his how i if in into is it its itself just "
    "many me might more most much must my of on or other our out over own shall she should so some such than "
    "that the their them then there these they this those through to too under until up very was we were what "
    "when where which while who whom whose why will with would you your".split()
)
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー"  # the sound mark belongs to no single script
_LETTER = rf"[\p{{L}}--[{_CJK}]]"
_WORD = rf"(?P<cjk>[{_CJK}]+)|(?P<word>{_LETTER}[[\p{{L}}\p{{M}}]--[{_CJK}]]*(?:['’]{_LETTER}+)?)"
_TOKEN = lazy_regex(rf"(?V1){_WORD}")
_WORD_OR_NUMBER = lazy_regex(rf"(?V1){_WORD}|\p{{Nd}}+(?:[.,]\p{{Nd}}+)*")
_METRE = lazy_regex(r"^(kilo|centi|milli|)meters?$")  # the American spelling
_thread = local()


def tokenise(text: str) -> list[str]:
    """The index terms of a text without stop words: its words in order, then its dates and numbers.

    Letters are folded (NFKC, case, accents) and stemmed by Snowball's English rules; a run of CJK characters
    becomes its overlapping pairs. `3,920 billion` becomes `3920000000000`, `3920` and `billion`, and
    `9 Sept 2024` becomes `=2024-09-09`, `=2024-09`, `septemb` and `2024`.
    """
    return [term for _, term in terms(text)]


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The distinct index terms of a text."""
    return frozenset(tokenise(text))


def is_value(term: str) -> bool:
    """Whether an index term is that of a number or date."""
    return term[0].isdigit() or term[0] == "="


def terms(text: str) -> list[tuple[str, str]]:
    """The words of a text as written (in NFKC), each with its index term, then its dates and numbers.

    A date or number has the same terms in all its spellings; some have several.
    """
    text = unicodedata.normalize("NFKC", text)
    values = values_in(text)
    spans = [span for value in values for span in value.spans]
    pairs: list[tuple[str, str]] = []
    for cjk, word in _TOKEN.findall(" ".join([blanked(text, spans), *(value.words for value in values)])):
        if word:
            if term := _term(word):
                pairs.append((word, term))
        else:
            pairs += [(pair, pair) for pair in map("".join, pairwise(cjk))] or [(cjk, cjk)]
    return pairs + [(value.text, term) for value in values for term in value.terms]


def word_spans(text: str) -> list[tuple[int, int]]:
    """The spans of the words of a text, stop words included; in CJK scripts each character is a word."""
    return [
        (start, start + 1) if match["cjk"] else match.span()
        for match in _WORD_OR_NUMBER.finditer(text)
        for start in (range(*match.span()) if match["cjk"] else (match.start(),))
    ]


def has_words(text: str) -> bool:
    """Whether the text has a letter or a digit of any script."""
    return _WORD_OR_NUMBER.search(unicodedata.normalize("NFKC", text)) is not None


@lru_cache(maxsize=65_536)
def _term(word: str) -> str:
    """The index term of a word, empty for a stop word."""
    word = regex.sub(r"'s?$", "", word.casefold().replace("’", "'"))
    folded = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    if folded in STOP_WORDS:
        return ""
    if not hasattr(_thread, "stemmer"):  # a stemmer keeps state while it works, so each thread has its own
        _thread.stemmer = Stemmer.Stemmer("english")
    return str(_thread.stemmer.stemWord(_METRE.sub(r"\1metre", folded)))
