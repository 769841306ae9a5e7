"""Numbers from ten on that a text has in words, English and Chinese: "a dozen", "half a million", 二十一公里."""

from collections.abc import Iterator

import regex

from index.articles.han import han_number
from index.passages.sentences import Span
from index.patterns import lazy_regex

NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
"""Words for the numbers from 1 to 19."""

_ONES, _TEENS = NUMBERS[:9], NUMBERS[9:]
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {
    **{name: number for number, name in enumerate(NUMBERS, 1)},
    **{name: 10 * number for number, name in enumerate(_TENS, 2)},
    **dict.fromkeys(("a", "an"), 1),
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|times)\b"  # "ten years later" tells no value
_COUNTED = "公里|千米|公斤|米|元|人|名|个|個|张|張|项|項|家|岁|歲|次|台|件|座|条|條|间|間|层|層"
_BELOW_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)})"
_FORM = lazy_regex(
    rf"\b(?:(?P<count>{_BELOW_100}|{'|'.join(_ONES)}|half an?|an?)[- ](?P<hundred>hundred[- ])?"
    rf"(?P<scale>{'|'.join(_SCALES)})"
    rf"(?: (?:and )?(?P<rest>{_BELOW_100}|{'|'.join(_ONES)})(?![- ](?:{'|'.join(_SCALES)})))?"
    rf"|(?P<alone>{_BELOW_100}))\b(?!['’]s\b| o['’]clock|[ -]{_TIME})"
    rf"|(?<![十百千万亿零〇一二三四五六七八九两第])(?P<han>[一二三四五六七八九]?百?[一二三四五六七八九]?十[一二三四五六七八九]?)"
    rf"(?={_COUNTED})",
    regex.IGNORECASE,
)
_HINT = lazy_regex(rf"\b(?:{'|'.join([*_TEENS, *_TENS, *_SCALES])})|十", regex.IGNORECASE)


def written_numbers_in(text: str) -> Iterator[tuple[Span, str]]:
    """The span of each number from ten on in words, and its value in digits."""
    if not _HINT.search(text):
        return
    for match in _FORM.finditer(text):
        yield match.span(), str(han_number(match["han"]) if match["han"] else _value(match))


def _value(match: regex.Match[str]) -> int:
    if alone := match["alone"]:
        return _below_100(alone)
    count, rest = match["count"].lower(), match["rest"]
    factor = (100 if match["hundred"] else 1) * _SCALES[match["scale"].lower()]
    halves = 1 if count.startswith("half") else 2 * _below_100(count)
    return halves * factor // 2 + (_below_100(rest) if rest else 0)


def _below_100(words: str) -> int:
    return sum(_SMALL[word] for word in regex.split("[- ]", words.lower()))
