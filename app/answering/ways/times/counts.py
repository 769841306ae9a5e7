"""Counts of units in a question: "three" years, 两年."""

from index.articles.han import han_number
from index.keywords.written_numbers import NUMBERS

_COUNTS = NUMBERS[:12]
HAN_COUNTS = "一二三四五六七八九十"
"""Digits of a Chinese count."""

_WRITTEN = {
    word: number
    for words in (
        _COUNTS,
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(),
        "un deux trois quatre cinq six sept huit neuf dix onze douze".split(),
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce".split(),
    )
    for number, word in enumerate(words, 1)
}
COUNT = rf"(?:[1-9]\d{{0,2}}|{'|'.join(_COUNTS)}|[{HAN_COUNTS}两])"
"""Pattern of a number of units, in digits, English or Chinese words, as `count_of` reads it."""


def count_of(written: str | None) -> int:
    """The number that digits or a word mean, in Chinese or one of four European languages; 1 for None and "a"."""
    if not written or written.lower() in ("a", "an"):
        return 1
    if number := _WRITTEN.get(written.lower()):
        return number
    return int(written) if written.isdecimal() else han_number(written)
