"""Names in a question: words for a person, place, thing or number."""

import regex

from index.keywords.tokenizer import terms
from index.passages.sentences import sentence_spans

# A capital letter inside a sentence, or a digit anywhere in the word. In scripts without case only numbers are names.
_NAME = regex.compile(r"(?<![\p{LC}\p{N}])(?:\p{Lu}[\p{LC}\p{N}'’&.-]*|\p{Ll}*\p{N}(?:[\p{LC}\p{N}.-]|,(?=\p{N}))*)")
_MIN_LETTERS = 3  # of a name: initials and titles ("Mr", "St") are too common


def names_of(text: str) -> dict[str, str]:
    """Index terms of the names in a text, each once, in order, with the word as typed.

    A word at the start of a sentence is a name only if it has a second capital letter or a digit.
    """
    names: dict[str, str] = {}
    sentence_starts = {start for start, _ in sentence_spans(text)}
    for match in _NAME.finditer(text):
        word = match.group()
        marked = sum(letter.isupper() for letter in word) > 1 or any(letter.isdigit() for letter in word)
        if marked or match.start() not in sentence_starts:
            for typed, term in terms(word):
                if marked or len(term) >= _MIN_LETTERS:
                    names.setdefault(term, typed)
    return names
