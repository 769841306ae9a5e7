"""Names in a question: words for a person, place, thing, number or date."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import regex

from index.keywords.tokenizer import terms
from index.keywords.values import values_in
from index.passages.sentences import sentence_spans
from index.patterns import lazy_regex
from index.search.values.ages import OWN_AGE

# A capital letter inside a sentence, or a digit beside the word. In scripts without case only numbers are names.
_NAME = lazy_regex(r"(?<!\p{LC})(?:\p{Lu}[\p{LC}'’&.-]*|(?<=\p{N})\p{LC}+|\p{LC}+(?=\p{N}))")
_MIN_LETTERS = 3  # of a name: initials and titles ("Mr", "St") are too common
_RAISED = str.maketrans("", "", "²³")  # of a unit: km²
_SQUARED = lazy_regex(r"(?<=\b[kcm]?m)[23]\b")  # km2
_NONE = frozenset("i'm i've i'd i'll ok okay".split())  # words with a capital letter that name nothing
# Nor do these behind a digit: $14bn, 2nd.
_SCALES = frozenset("bn mn bln mln tn trn km cm mm kg st nd rd th".split())
# A place in an order: texts say it otherwise, or leave it to the order.
_ORDINAL = lazy_regex(r"\b\d{1,3}(?:st|nd|rd|th)\b", regex.IGNORECASE)


_Found: TypeAlias = tuple[int, int, str, tuple[str, ...]]  # start, end, as typed, index terms


@dataclass(frozen=True, slots=True)
class Name:
    """A name as typed, and the index terms of which each alone stands for it, the likeliest first.

    `whole` holds all words, as typed, of a name of several words that it is a part of.
    """

    typed: str
    forms: tuple[str, ...]
    whole: tuple[str, ...] = ()


@lru_cache(maxsize=1_024)
def names_of(text: str) -> tuple[Name, ...]:
    """The names in a text, each once, in order.

    A word at the start of a sentence is a name only if it has a second capital letter or stands beside a digit.
    """
    text = _SQUARED.sub("", unicodedata.normalize("NFKC", text.translate(_RAISED)))
    # An age is in most texts within a range.
    unnamed = [match.span() for form in (_ORDINAL, OWN_AGE) for match in form.finditer(text)]
    values = [value for value in values_in(text) if not any(a <= value.start < b for a, b in unnamed)]
    found = [(value.start, value.end, value.text, value.forms) for value in values]
    taken = {place for value in values for span in value.spans for place in range(*span)}
    starts = {start for start, _ in sentence_spans(text)}
    for match in _NAME.finditer(text):
        word, (start, end) = match.group(), match.span()
        if word.replace("’", "'").lower() in _NONE or not taken.isdisjoint(range(start, end)):
            continue
        beside = text[max(start - 1, 0) : start] + text[end : end + 1]
        if word.lower() in _SCALES and beside[:1].isdigit():
            continue
        marked = sum(letter.isupper() for letter in word) > 1 or any(sign.isdigit() for sign in beside)
        if marked or start not in starts:
            found += [
                (start, end, typed, (term,)) for typed, term in terms(word) if marked or len(term) >= _MIN_LETTERS
            ]
    names: dict[tuple[str, ...], Name] = {}
    for run in _runs(sorted(found)):
        whole = tuple(typed for _, _, typed, _ in run)
        for _, _, typed, forms in run:
            names.setdefault(forms, Name(typed, forms, whole))
    return tuple(names.values())


def _runs(found: Iterable[_Found]) -> Iterator[list[_Found]]:
    """The names in order, those together that follow each other; a number or a possessive ends a name before it."""
    run: list[_Found] = []
    for each in found:
        start, _, typed, _ = each
        follows = run and start <= run[-1][1] + 1 and not run[-1][2].endswith(("'s", "’s"))
        if run and not (follows and (start == run[-1][1] or not typed[0].isdigit())):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


@lru_cache(maxsize=4_096)
def name_terms(text: str) -> frozenset[str]:
    """The index terms of the names in a text, the likeliest of each."""
    return frozenset(name.forms[0] for name in names_of(text))
