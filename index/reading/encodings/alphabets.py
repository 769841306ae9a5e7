"""Encodings of a byte a character, told by the letters of each European language."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

# The letters beyond ASCII of each language; capitals follow.
_WESTERN = {
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Spanish, Catalan": "áéíóúüñçàèòï¡¿ªº·",
    "Portuguese": "áâãàçéêíóôõúüªº",
    "Italian": "àèéìíîòóùú",
    "Dutch": "áäéëèêïíóöúüç",
    "Nordic": "åäöæøéü",
    "Icelandic": "áðéíóúýþæö",
}
_CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech, Slovak": "áäčďéěíľňóôřšťúůýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian, Slovene": "čćđšž",
    "Romanian": "ăâîşţ",
    "German": "äöüß",
}
_TURKISH = {"Turkish": "çğıİöşüâî"}
_BALTIC = {"Latvian, Lithuanian": "āčēģīķļņōŗšūžąęėįų", "Estonian": "äõöüšž"}
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_CYRILLIC = {"Russian, Bulgarian": f"{_RUSSIAN}№", "Ukrainian": f"{_RUSSIAN}ґєії"}
_GREEK = {"Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"}
# The first that explains most is taken; Latin-1 is read as cp1252, which contains it.
_LANGUAGES = {
    "cp1252": _WESTERN,
    "iso8859_2": _CENTRAL,
    "cp1250": _CENTRAL,
    "iso8859_15": _WESTERN,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
    "mac_roman": _WESTERN,
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "mac_cyrillic": _CYRILLIC,
    "cp1253": _GREEK,
    "iso8859_7": _GREEK,
}
_LETTERS = {
    name: [frozenset(letters + letters.upper()) for letters in languages.values()]
    for name, languages in _LANGUAGES.items()
}
_MARKS = "\N{NO-BREAK SPACE}–—‘’‚“”„…•«»‹›€£§©®°·²³½¼¾±×"
_BETWEEN_WORDS = set(_MARKS) - set("’·")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_LEAST = 0.9  # of the characters beyond ASCII that a language explains
_SAMPLE = 20_000  # bytes


def singlebyte_encoding(raw: bytes) -> tuple[str, bool]:
    """The encoding in which the letters are those of a single language, and whether no other is as good.

    Empty if no language explains nine tenths of the characters beyond ASCII, as in other scripts.
    """
    sample = b" ".join(word for word in raw.split() if not word.isascii())[:_SAMPLE]
    texts = {name: sample.decode(name, "replace") for name in _LANGUAGES}
    shares = {name: _explained(text, _LETTERS[name]) for name, text in texts.items()}
    best = max(shares.values())
    if best < _LEAST:
        return "", False
    name = next(name for name, share in shares.items() if share == best)
    return name, all(texts[other] == texts[name] for other, share in shares.items() if share == best)


def _explained(text: str, languages: Iterable[frozenset[str]]) -> float:
    """The largest share of the characters beyond ASCII that are a language's letters, or marks outside words.

    Capitals after small letters, and words in two scripts, count against it.
    """
    beyond = Counter(character for character in text if character > "\x7f")
    letters = max(sum(count for letter, count in beyond.items() if letter in known) for known in languages)
    marks = sum(count for mark, count in beyond.items() if mark in _MARKS)
    inside = 0
    if marks:
        triples = zip(text, text[1:], text[2:], strict=False)
        inside = sum(mark in _BETWEEN_WORDS and a.isalpha() and b.isalpha() for a, mark, b in triples)
    capitals = sum(a.islower() and b.isupper() and not (a + b).isascii() for a, b in pairwise(text))
    return (letters + marks - inside - capitals - len(_MIXED.findall(text))) / max(1, beyond.total())
