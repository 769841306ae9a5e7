"""The names in a question: words that stand for one person, place, thing or number."""

import regex

from index.keywords.tokenizer import tokenise
from index.passages.sentences import sentence_spans

# A capital letter inside a sentence, or a digit anywhere in the word. Scripts without case have numbers alone.
_NAME = regex.compile(r"(?<![\p{LC}\p{N}])(?:\p{Lu}[\p{LC}\p{N}'’&.-]*|\p{Ll}*\p{N}(?:[\p{LC}\p{N}.-]|,(?=\p{N}))*)")
_LEAST = 3  # letters of a name: initials and titles ("Mr", "St") tell nothing


def names_of(text: str) -> tuple[str, ...]:
    """The index terms of the names in a text, each once, in order.

    A capital letter that opens a sentence makes no name, unless the word has another one.
    """
    found: list[str] = []
    opening = {start for start, _ in sentence_spans(text)}
    for match in _NAME.finditer(text):
        word = match.group()
        marked = sum(letter.isupper() for letter in word) > 1 or any(letter.isdigit() for letter in word)
        if marked or match.start() not in opening:
            found += [term for term in tokenise(word) if marked or len(term) >= _LEAST]
    return tuple(dict.fromkeys(found))
