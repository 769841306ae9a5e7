"""Short texts that hold the words typed so far: by the beginnings of words, then with misspellings."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.arrays import Mask
from index.keywords.tokenizer import STOP_WORDS
from index.patterns import lazy_regex

_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー]"
_WORD = lazy_regex(rf"(?V1){_CJK}+|[\p{{L}}\p{{N}}--{_CJK}]+")
_IS_CJK = lazy_regex(_CJK)
_APOSTROPHES = str.maketrans("", "", "'\N{RIGHT SINGLE QUOTATION MARK}")
_LAST = "\U0010ffff"
_LONGEST_RUN = 16  # CJK characters that are compared
_LEAST, _LONG = 4, 8  # letters of a word that may have one error, and two
_MOST_MISSPELT = 3  # words of a text
_REMEMBERED = 256  # misspelt words
_MOST_NEAR = 50  # beginnings of words that a misspelt one may mean


class Matcher:
    """Texts by row, found by the words that are typed: without case and accents, CJK scripts by any part of a run."""

    def __init__(self, texts: Sequence[str]) -> None:
        rows: dict[str, list[int]] = {}
        first: list[str] = []
        for row, text in enumerate(texts):
            words = words_of(text)
            first.append(next(_starts(words[0])) if words else "")
            for word in dict.fromkeys(chain.from_iterable(map(_starts, words))):
                rows.setdefault(word, []).append(row)
        self._nearest = lru_cache(maxsize=_REMEMBERED)(self._near)  # a word is misspelt in every keystroke after it
        self._words = sorted(rows)
        self._first = np.fromiter((bisect_left(self._words, word) for word in first), np.int32, len(first))
        self._ends = np.cumsum([0, *(len(rows[word]) for word in self._words)])
        self._rows = np.fromiter(chain.from_iterable(rows[word] for word in self._words), np.int32, self._ends[-1])

    def matching(self, typed: str, liked: Mask | None = None) -> list[int]:
        """The rows of the texts that hold all words of `typed`, the last of which may be unfinished.

        First the texts that begin with the first word, then the rows that are `liked`, then by row. A word
        that begins no word of any text is read as misspelt in a letter or two after its first. Stop words
        count only at the end, or where there is nothing else.
        """
        words = [next(_starts(word)) for word in words_of(typed)]
        telling = [word for word in words[:-1] if word not in STOP_WORDS] + words[-1:]
        spans = [(self._span(word), word) for word in dict.fromkeys(telling)]
        misspelt = [word for (low, high), word in spans if low == high]
        if not words or len(misspelt) > _MOST_MISSPELT:
            return []
        found = np.ones(len(self._first), np.bool_)
        for span, word in spans:
            found &= self._holding(self._nearest(word) if word in misspelt else [span])
        rows = np.flatnonzero(found)
        low, high = self._span(words[0])
        begins = (self._first[rows] >= low) & (self._first[rows] < high)
        others = np.zeros(len(rows), np.bool_) if liked is None else ~liked[rows]
        return [int(row) for row in rows[np.lexsort((rows, others, ~begins))]]

    def _span(self, beginning: str) -> tuple[int, int]:
        """The first and the end of the words with this beginning."""
        return bisect_left(self._words, beginning), bisect_left(self._words, beginning + _LAST)

    def _holding(self, spans: Sequence[tuple[int, int]]) -> Mask:
        """The rows that hold a word in one of these spans."""
        mask = np.zeros(len(self._first), np.bool_)
        for low, high in spans:
            mask[self._rows[self._ends[low] : self._ends[high]]] = True
        return mask

    def _near(self, word: str) -> list[tuple[int, int]]:
        """The spans of the words whose beginnings a misspelt word may mean."""
        if len(word) < _LEAST or not word.isalpha() or _IS_CJK.search(word):
            return []
        low, high = self._span(word[0])
        # A letter too many or too few moves the end, which for two errors is one of them.
        errors, moved = (1, (-1, 0, 1)) if len(word) < _LONG else (2, (0,))
        beginnings = {known[: len(word) + by] for known in self._words[low:high] for by in moved}
        near = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=errors, limit=_MOST_NEAR)
        return [self._span(match[0]) for match in near]


def words_of(text: str) -> list[str]:
    """The words of a text, folded: compatible forms, case, accents and apostrophes make no difference."""
    if text.isascii():
        return _WORD.findall(text.lower().replace("'", ""))
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES))
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return _WORD.findall(unicodedata.normalize("NFC", plain))


def _starts(word: str) -> Iterator[str]:
    """The word; of a run of CJK characters the run from each character on, as any of them may begin a word."""
    if _IS_CJK.match(word):
        yield from (word[at : at + _LONGEST_RUN] for at in range(len(word)))
    else:
        yield word
