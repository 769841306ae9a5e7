"""Words of the keyword leg, by script: stemmed English words, whole numbers, CJK bigrams."""

import unicodedata
from functools import lru_cache
from threading import local

import regex
import Stemmer

STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be been before being but by can could did do does doing done "
    "during each for from had has have having he her here hers him his how i if in into is it its itself just "
    "many me might more most much must my of on or other our out over own shall she should so some such than "
    "that the their them then there these they this those through to too under until up very was we were what "
    "when where which while who whom whose why will with would you your".split()
)
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー"  # the sound mark belongs to no one script
_TOKEN = regex.compile(
    rf"(?P<cjk>[{_CJK}]+)"
    r"|(?P<number>\p{Nd}+(?:[.,]\p{Nd}+)*)"
    rf"|(?P<word>(?![{_CJK}])\p{{L}}(?:(?![{_CJK}])[\p{{L}}\p{{M}}])*(?:['’](?:(?![{_CJK}])\p{{L}})+)?)"
)
_thread = local()


def tokenise(text: str) -> list[str]:
    """The index terms of a text, in order, stop words left out.

    Letters are folded (NFKC, case, accents) and stemmed by Snowball's English rules; `1,935.3`
    becomes `1935.3`; a run of CJK characters becomes its overlapping pairs.
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text)):
        if match["cjk"]:
            tokens += _pairs(match["cjk"])
        elif match["number"]:
            tokens.append(match["number"].replace(",", ""))
        else:
            word = _fold(match["word"])
            if word and word not in STOP_WORDS:
                tokens.append(_stem(word))
    return tokens


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit of any script in the text."""
    return _TOKEN.search(unicodedata.normalize("NFKC", text)) is not None


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@lru_cache(maxsize=65_536)
def _fold(word: str) -> str:
    word = regex.sub(r"'s?$", "", word.casefold().replace("’", "'"))
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _stem(word: str) -> str:
    # A stemmer keeps state while it works, so each thread has one of its own.
    if not hasattr(_thread, "stemmer"):
        _thread.stemmer = Stemmer.Stemmer("english")
    return str(_thread.stemmer.stemWord(word))
