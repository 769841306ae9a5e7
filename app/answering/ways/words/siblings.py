"""Names with a number, such as Tianwen-3: a passage that knows Tianwen-2 alone does not answer about it."""

import unicodedata
from collections.abc import Iterator, Sequence

import regex

from index.articles.dates import MONTH
from index.articles.han import HAN_DIGITS, han_number
from index.patterns import lazy_regex
from index.search.hits import Hit
from index.search.questions.names import Name

_DASH = "[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH} ]?"
_NUMBER = (
    r"(?P<number>\d{1,3}(?:\.\d{1,2})?)(?!\d|\p{L}|[.,:/]\d| ?%| ?(?:percent|per cent|million|billion|trillion)\b)"
)
_ASKED = lazy_regex(rf"(?<![\p{{L}}\p{{N}}])(?P<name>\p{{Lu}}[\p{{L}}'’]*\p{{L}}){_DASH}{_NUMBER}")
_HAN_ASKED = lazy_regex(rf"(?P<name>\p{{Han}}\p{{Han}})(?P<number>[{HAN_DIGITS}十]{{1,3}}|\d{{1,3}})号")
_MONTH = lazy_regex(MONTH, regex.IGNORECASE)


def siblings_only(text: str, hits: Sequence[Hit]) -> Iterator[Name]:
    """The names with a number of a question that no hit holds, while some hit holds them with another number.

    Nothing is said of a name that the hits do not number: they may spell it otherwise.
    """
    texts = [f"{hit.passage.article.title}\n{hit.passage.text}" for hit in hits]
    for asked, held in _named(unicodedata.normalize("NFKC", text)):
        numbers = {_value(match["number"]) for each in texts for match in held.finditer(each)}
        if numbers and _value(asked["number"]) not in numbers:
            yield Name(asked.group(), (asked.group().casefold(),))


def _named(text: str) -> Iterator[tuple["regex.Match[str]", "regex.Pattern[str]"]]:
    """The names with a number in a question, each with the pattern of the same name with any number."""
    for asked in _ASKED.finditer(text):
        if not _MONTH.fullmatch(asked["name"]):
            name = regex.escape(asked["name"].replace("’", "'")).replace("'", "['’]")
            yield asked, regex.compile(rf"(?<![\p{{L}}\p{{N}}]){name}{_DASH}{_NUMBER}", regex.IGNORECASE)
    for asked in _HAN_ASKED.finditer(text):
        if asked["name"][-1] not in "年月":
            yield asked, regex.compile(rf"{asked['name']}(?P<number>[{HAN_DIGITS}十]{{1,3}}|\d{{1,3}})号")


def _value(number: str) -> float:
    return float(number) if number[0].isdecimal() else han_number(number)
