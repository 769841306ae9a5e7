"""Patterns of questions about the collection, as the interface texts of each language give them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, TypeAlias, get_args

from app.answering.language import languages
from index.patterns import lazy

Kind: TypeAlias = Literal["topics", "newest", "oldest", "count", "list"]

# Parts of patterns: `<articles>` in a pattern stands for `inventory.articles`.
PARTS = ("polite", "articles", "collection", "exist", "late", "early", "date", "published", "number")
# Conditions at the end of a question or of a part of it, in the order in which they are tried.
CONDITIONS = ("newest_first", "oldest_first", "between", "since", "after", "until", "before", "in")
KINDS: tuple[Kind, ...] = get_args(Kind)
_OTHERS = ("publisher", "in_language", "subject", "more", "closing", "since_relative", "alternatives", "languages")
NAMES = (*PARTS, *CONDITIONS, *KINDS, *_OTHERS)

_PLACEHOLDER = lazy(r"(?<!\?P)<(\w+)>")
# Before a condition: the beginning, a space, a comma, or a character of a script without spaces.
_BREAK = r"(?:^|[ ,，、]+|(?<=[\u3400-\u9fff”」』\"]))"


@cache
def patterns(code: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The alternatives of `inventory.NAME` of a language, one a line."""
    return tuple(re.compile(each, re.IGNORECASE) for each in _filled(code, name))


@cache
def endings(code: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The alternatives of a condition at the end of a text; `left` is the text before it."""
    return tuple(re.compile(rf"(?P<left>.*){_BREAK}{each}", re.IGNORECASE) for each in _filled(code, name))


@cache
def published(code: str) -> re.Pattern[str]:
    """The pattern of the words between a subject and a condition at the end of a text: "that were published"."""
    return re.compile(rf"{_BREAK}{_filled(code, 'published')[0]}$", re.IGNORECASE)


@cache
def polite(code: str) -> re.Pattern[str]:
    """The pattern of a polite word that a question begins with, and of the break after it."""
    return re.compile(rf"{_filled(code, 'polite')[0]}(?:[ ,，]+|(?<=[\u3400-\u9fff]))", re.IGNORECASE)


@cache
def closing(code: str) -> re.Pattern[str]:
    """The pattern of polite words that a question ends with: "please", "list them all"."""
    return re.compile(rf"{_filled(code, 'closing')[0]}$", re.IGNORECASE)


@cache
def since(code: str) -> re.Pattern[str]:
    """The pattern of the word before a relative time that makes it the beginning of one: "since last month"."""
    return re.compile(rf"(?:^|\b|(?<=[\u3400-\u9fff])){_filled(code, 'since_relative')[0]}$", re.IGNORECASE)


@cache
def alternatives(code: str) -> re.Pattern[str]:
    """The pattern of a word between subjects one of which is enough: "or"."""
    return re.compile(languages()[code].texts["inventory.alternatives"], re.IGNORECASE)


@cache
def language_codes(code: str) -> dict[str, str]:
    """The code of each language by its name in the language `code`."""
    pairs = (each.split("=") for each in languages()[code].texts["inventory.languages"].split())
    return {name: each for each, name in pairs}


def breaks(text: str) -> Iterator[int]:
    """The places in a text where a condition may begin."""
    return (match.end() for match in re.finditer(_BREAK, text))


def _filled(code: str, name: str) -> list[str]:
    texts = languages()[code].texts
    text = texts[f"inventory.{name}"]
    while _PLACEHOLDER.search(text):
        text = _PLACEHOLDER.sub(lambda match: f"(?:{texts[f'inventory.{match[1]}']})", text)
    return [f"(?:{each})" for each in text.split("\n")]
