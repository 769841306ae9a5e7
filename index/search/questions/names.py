"""Names in a question: words for a person, place, thing, number or date."""

import unicodedata
from dataclasses import dataclass

import regex

from index.keywords.tokenizer import terms
from index.keywords.values import values_in
from index.passages.sentences import sentence_spans

# A capital letter inside a sentence, or a digit beside the word. In scripts without case only numbers are names.
_NAME = regex.compile(r"(?<!\p{LC})(?:\p{Lu}[\p{LC}'’&.-]*|(?<=\p{N})\p{LC}+|\p{LC}+(?=\p{N}))")
_MIN_LETTERS = 3  # of a name: initials and titles ("Mr", "St") are too common


@dataclass(frozen=True, slots=True)
class Name:
    """A name as typed, and the index terms of which each alone stands for it, the likeliest first."""

    typed: str
    forms: tuple[str, ...]


def names_of(text: str) -> tuple[Name, ...]:
    """The names in a text, each once, in order.

    A word at the start of a sentence is a name only if it has a second capital letter or stands beside a digit.
    """
    text = unicodedata.normalize("NFKC", text)
    values = values_in(text)
    found = [(value.start, Name(value.text, value.forms)) for value in values]
    taken = {place for value in values for place in range(value.start, value.end)}
    starts = {start for start, _ in sentence_spans(text)}
    for match in _NAME.finditer(text):
        word, (start, end) = match.group(), match.span()
        if not taken.isdisjoint(range(start, end)):
            continue
        beside = text[max(start - 1, 0) : start] + text[end : end + 1]
        marked = sum(letter.isupper() for letter in word) > 1 or any(sign.isdigit() for sign in beside)
        if marked or start not in starts:
            found += [
                (start, Name(typed, (term,))) for typed, term in terms(word) if marked or len(term) >= _MIN_LETTERS
            ]
    names: dict[tuple[str, ...], Name] = {}
    for _, name in sorted(found, key=lambda pair: pair[0]):
        names.setdefault(name.forms, name)
    return tuple(names.values())


def name_terms(text: str) -> frozenset[str]:
    """The index terms of the names in a text, the likeliest of each."""
    return frozenset(name.forms[0] for name in names_of(text))
