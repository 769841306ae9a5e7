"""Acronyms that a text defines: "Belt and Road Initiative (BRI)".

Letters are matched with words from the end backwards, as by Schwartz and Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text" (Pacific Symposium on Biocomputing 2003), but more strictly: they are the
initials of the words and of their hyphenated parts.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice

from index.patterns import lazy

Acronym = tuple[str, str]
"""A short form, singular, and its long form, both as written."""

_MOST = 200  # of an article
_TRIED = 10_000  # places of an article that may define one
_LONGEST = 150  # characters of a long form
_ENDING = 3  # last characters of a Chinese long form, of which a short form has one
_LEAST_CHINESE, _LONGEST_CHINESE = 3, 25  # characters of a Chinese long form
_SMALL = frozenset("a an and at by de for from in of on the to with und".split())

_SHORT = r"(?P<short>[A-Za-z0-9][A-Za-z0-9&-]{1,9})"
_SAID = r"(?:(?:or|the|hereinafter|hereafter|abbreviated(?: as| to)?|also known as|known as) )?"
_QUOTE = "[\"'“‘”’]?"
_HAN = r"[\u3400-\u9fff]"
_AFTER_LONG = [  # the long form stands before the match
    lazy(rf" ?\({_SAID}{_QUOTE}{_SHORT}{_QUOTE}(?: for short)?[),;，；]", re.ASCII),
    lazy(rf", (?:or )?{_QUOTE}{_SHORT}{_QUOTE},? for short\b", re.ASCII),
    lazy(rf",? (?:\(?(?:abbreviated|shortened)(?: as| to)?|known for short as) {_QUOTE}{_SHORT}\b", re.ASCII),
    lazy(
        rf",? (?:(?:also|better|often|usually|commonly) )?(?:known|referred to)(?: (?:to|by) [a-z ]{{2,30}}?)?"
        rf" (?:simply )?as (?:the )?{_QUOTE}{_SHORT}\b",
        re.ASCII,
    ),
]
_BEFORE_LONG = lazy(rf"(?<![\w&-]){_SHORT} ?\((?P<long>[^()\n;]{{5,{_LONGEST}}})\)", re.ASCII)
_STANDS_FOR = lazy(
    rf"(?<![\w&-]){_QUOTE}{_SHORT}{_QUOTE},? "
    r"(?:stands for|(?:is )?short for|is the (?:abbreviation|acronym) (?:of|for))"
    rf" (?:the )?{_QUOTE}(?P<long>[^()\n;:,.!?\"“”]{{5,{_LONGEST}}})",
    re.ASCII,
)
# An entry of a glossary, in a list or a table: "IPU: the inpatient unit", "Short: IPU; Meaning: inpatient unit".
_LONG = rf"(?:the )?(?P<long>[^()\n;:,.!?\"“”]{{5,{_LONGEST}}})"
_ENTRIES = [
    lazy(rf"^(?:[-*•] )?{_SHORT} ?[:=–—] ?{_LONG}", re.ASCII | re.MULTILINE),
    lazy(rf"^[^:;\n]{{2,30}}: {_SHORT}; [^:;\n]{{2,30}}: {_LONG}", re.ASCII | re.MULTILINE),
]
_OF_CHINESE = lazy(rf"(?<={_HAN})[”》]? ?[（(](?:(?P<written>[A-Za-z][A-Za-z' -]{{4,99}})[，,；;] ?)?{_SHORT}[）)]")
_CHINESE_SHORT = lazy(
    rf"[（(，,](?:以?下)?简称(?:为|作)?[“\"「]?(?P<short>{_HAN}{{2,10}}|[A-Z]{{2,9}})[”\"」]?[）)，,。]"
)
_CHINESE_PARENTHESES = lazy(rf"(?<={_HAN})[”》]? ?[（(](?P<short>{_HAN}{{2,6}})[）)]")
_HYPHENS = ("-", "‐", "‑", "–")
_WORD = lazy(r"[^\W_]+(?:['’][^\W\d_]+)?|&")
_CHINESE_RUN = lazy(rf"{_HAN}+$")
_NO_PART = lazy(r"[.!?;:()<>\[\]{}|\n\"“”《》（）。！？；：，、]")  # signs that stand in no long form
# A Chinese name has no spaces around it: words that lead to one and are no part of it.
_LEADS = lazy("[的是了在从向被把]|目前|近日|今年|去年|其中|例如|包括|通过|根据|按照|首次|超过|达到|加入|隶属于")


def acronyms_of(text: str) -> tuple[Acronym, ...]:
    """The acronyms that a text defines, each once, in order; at most 200."""
    found: dict[Acronym, None] = {}
    for short, long in chain(_english(text), _chinese(text)):
        found.setdefault((short, long))
        if len(found) == _MOST:
            break
    return tuple(found)


def singular(short: str) -> str:
    """An acronym without the `s` of its plural."""
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[-2].isupper() else short


def _english(text: str) -> Iterator[Acronym]:
    for pattern in _AFTER_LONG:
        for match in islice(pattern.finditer(text), _TRIED):
            if is_short(short := singular(match["short"])) and (long := _long_before(_before(text, match), short)):
                yield short, long
    for match in islice(_BEFORE_LONG.finditer(text), _TRIED):
        long = match["long"].split(",")[0].strip()
        if is_short(short := singular(match["short"])) and (words := _words(long)) and _fits(short, words):
            yield short, " ".join(long.split())
    for match in islice(chain.from_iterable(form.finditer(text) for form in (_STANDS_FOR, *_ENTRIES)), _TRIED):
        if is_short(short := singular(match["short"])) and (long := _long_behind(match["long"], short)):
            yield short, long


def _chinese(text: str) -> Iterator[Acronym]:
    for match in _OF_CHINESE.finditer(text):
        if is_short(short := singular(match["short"])) and (long := _chinese_before(text, match.start())):
            yield short, long
            written = match["written"]
            if written and _fits(short, _words(written)):
                yield short, written.strip()
    for match in _CHINESE_SHORT.finditer(text):
        long = _chinese_before(text, match.start())
        if len(long) > len(match["short"]) or (long and match["short"].isascii()):
            yield match["short"], long
    for match in _CHINESE_PARENTHESES.finditer(text):
        if long := _shortened(_chinese_run(text, match.start()), match["short"]):
            yield match["short"], long


def is_short(word: str) -> bool:
    """Whether most letters are capitals, two at least."""
    letters = [letter for letter in word if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return capitals >= 2 and 2 * capitals >= len(letters)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _LONGEST) : match.start()]


@lru_cache(maxsize=256)  # many a text repeats itself
def _long_before(before: str, short: str) -> str:
    """The last words before a short form that fit it, as few as possible; empty without any.

    They begin with no small word: the O of OSP is that of the Office of Spatial Planning. A name may begin with two
    words of one initial (National Natural Science Foundation).
    """
    before = before[max((match.end() for match in _NO_PART.finditer(before)), default=0) :]
    words = list(_WORD.finditer(before))
    most = min(len(short) + 5, 2 * len(short)) + 3  # words, as by Schwartz and Hearst; 3 more for hyphenated parts
    fitting = None
    for first in range(len(words) - 1, max(-1, len(words) - most - 1), -1):
        if before[words[first].start() - 1 : words[first].start()] in _HYPHENS or words[first][0] in _SMALL:
            continue
        if words[first][0] in _SMALL:  # "of Spatial Planning" is no name
            continue
        if _fits(short, [word[0] for word in words[first:]]):
            fitting = words[first]
        if fitting is not None:
            is_doubled = fitting is words[first] and first and words[first - 1][0][0] == fitting[0][0]
            if not is_doubled:
                break
    return " ".join(before[fitting.start() :].split()) if fitting else ""


def _long_behind(text: str, short: str) -> str:
    """The first words of a text that fit a short form, as many as possible; empty without any."""
    words = list(_WORD.finditer(text))
    fitting = (n for n in range(len(words), 1, -1) if _fits(short, [word[0] for word in words[:n]]))
    count = next(fitting, 0)
    return " ".join(text[: words[count - 1].end()].split()) if count else ""


def _words(text: str) -> list[str]:
    words = _WORD.findall(text)
    return words[1:] if words[:1] in (["the"], ["The"]) else words


def _fits(short: str, words: Sequence[str]) -> bool:
    """Whether the letters of a short form are initials of these words, in order.

    Small words may be left out, and one other word between the first and the last (two in a name). A letter
    may also be a further capital in a word (BeiDou), and one a small letter in it (HyperText, television).
    """
    letters = "".join(letter for letter in short.casefold() if letter.isalnum())
    if len(words) > 2 * len(letters) + 4 or not words or words[-1].casefold() in _SMALL:
        return False
    if words[0][:1].casefold() != letters[:1]:
        return False

    @cache
    def fit(letter: int, word: int, left_out: int, inner: int) -> bool:
        """Whether the letters from `letter` on fit the words from `word` on, with so many liberties left."""
        if word == len(words):
            return letter == len(letters)
        is_small, is_end = words[word].casefold() in _SMALL or words[word] == "&", word in (0, len(words) - 1)
        if not is_end and (is_small or left_out) and fit(letter, word + 1, left_out - (not is_small), inner):
            return True
        taken = _taken(words[word], letters[letter:], inner)
        return any(fit(letter + count, word + 1, left_out, inner - small) for count, small in taken)

    is_name = all(word[0].isupper() or word[0].isdigit() or word.casefold() in _SMALL or word == "&" for word in words)
    return fit(0, 0, (2 if is_name else 1) if len(letters) > 2 else 0, 1)


def _taken(word: str, letters: str, inner: int) -> Iterator[tuple[int, int]]:
    """The numbers of letters that a word may stand for, each with the number of small ones inside the word."""
    small, position = 0, -1
    for count, letter in enumerate(letters, 1):
        position = next((at for at in range(position + 1, len(word)) if word[at].casefold() == letter), -1)
        if position < 0 or (count == 1) != (position == 0):
            return
        small += count > 1 and not word[position].isupper()
        if small > inner:
            return
        yield count, small


def _chinese_before(text: str, end: int) -> str:
    """The Chinese name that ends at `end`; empty without one."""
    whole = _chinese_run(text, end)
    ends = (lead.end() for lead in _LEADS.finditer(whole) if len(whole) - lead.end() >= _LEAST_CHINESE)
    name = whole[max(ends, default=0) :]
    return name if _LEAST_CHINESE <= len(name) <= _LONGEST_CHINESE else ""


def _chinese_run(text: str, end: int) -> str:
    """The Chinese characters up to `end` without any other sign between them."""
    run = _CHINESE_RUN.search(text[max(0, end - 2 * _LONGEST_CHINESE) : end].rstrip("”》 "))
    return run[0] if run else ""


def _shortened(run: str, short: str) -> str:
    """The shortest end of a run that holds the characters of a short form in order, from the first; empty without any.

    A part of a name (上海 of 上海交通大学) is no short form of it, and one of the last three characters must be taken.
    """
    position = len(run)
    for number, character in enumerate(reversed(short)):
        position = run.rfind(character, 0, position)
        if position < 0 or (number == 0 and len(run) - position > _ENDING):
            return ""
    long = run[position:]
    is_short = len(short) + 2 <= len(long) <= 3 * len(short) + 1 and short not in long
    return long if is_short else ""
