"""The names in a question: words that stand for one person, place, thing or number."""

import regex

from index.tokens import tokenise

# A capital letter inside a sentence, or a digit anywhere in the word. Scripts without case have numbers alone.
_NAME = regex.compile(r"(?<![\p{LC}\p{N}])(?:\p{Lu}[\p{LC}\p{N}'’&.-]*|\p{Ll}*\p{N}(?:[\p{LC}\p{N}.-]|,(?=\p{N}))*)")
_OPENS = '.?!:"“(‘'


def names_of(text: str) -> tuple[str, ...]:
    """The index terms of the names in a text, each once, in order.

    A capital letter that opens a sentence makes no name, unless the word has another one.
    """
    found: list[str] = []
    for match in _NAME.finditer(text):
        word, before = match.group(), text[: match.start()].rstrip()
        opens = not before or before[-1] in _OPENS
        if not opens or sum(letter.isupper() for letter in word) > 1 or any(letter.isdigit() for letter in word):
            found += tokenise(word)
    return tuple(dict.fromkeys(found))
