"""Automatic numbers of the lists and headings of a Word document, which its text may name ("Rule 2")."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from index.reading.formats.docxparts import VALUE, W
from index.reading.formats.docxstyles import Styles

_LEVELS = 9
_ROMAN = list(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)
_CHINESE = "〇一二三四五六七八九十"
_MOST = 32_767  # as in Word
_Levels = dict[int, Any]


class Numbers:
    """The numbers of paragraphs, which have to be asked for in the order of the document."""

    def __init__(self, roots: list[Any], styles: Styles) -> None:
        self._styles = styles
        self._lists = {num.get(f"{W}numId"): num for root in roots for num in root.iter(f"{W}num")}
        self._abstract = {a.get(f"{W}abstractNumId"): a for root in roots for a in root.iter(f"{W}abstractNum")}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)  # by abstract list, then level
        self._levels: dict[str, tuple[str, _Levels]] = {}
        self._begun: set[tuple[str, int]] = set()  # lists with a start of their own

    def has(self, paragraph: Any) -> bool:
        """Whether a paragraph is in a list."""
        return bool(self._lists) and self._styles.numbering(paragraph)[0] in self._lists

    def number(self, paragraph: Any) -> str:
        """The number of the next paragraph, with its signs; empty if it has none, or a bullet."""
        name, level, style = self._styles.numbering(paragraph)
        if name not in self._lists:
            return ""
        if name not in self._levels:
            self._levels[name] = self._levels_of(name)
        abstract, levels = self._levels[name]
        own = [each for each, element in levels.items() if _value(element, "pStyle") == style != ""]
        at = _whole(level.get(VALUE, "")) if level is not None else own[0] if own else 0
        if at not in levels:
            return ""
        counts = self._counts[abstract]
        self._count(name, at, levels, counts)
        return _written(levels, at, counts)

    def _count(self, name: str, at: int, levels: _Levels, counts: dict[int, int]) -> None:
        start = self._lists[name].find(f"{W}lvlOverride[@{W}ilvl='{at}']/{W}startOverride")
        if start is not None and (name, at) not in self._begun:
            self._begun.add((name, at))
            counts[at] = _whole(start.get(VALUE, ""))
        else:
            counts[at] = min(_MOST, counts[at] + 1 if at in counts else _whole(_value(levels[at], "start") or "0"))
        for deeper in [each for each in counts if each > at]:
            restart = _value(levels[deeper], "lvlRestart") if deeper in levels else ""
            if restart == "" or (restart != "0" and at < _whole(restart)):
                del counts[deeper]

    def _levels_of(self, name: str) -> tuple[str, _Levels]:
        """The abstract list and the levels of a list, which may be those of a style."""
        abstract = _value(self._lists[name], "abstractNumId")
        linked = _value(self._abstract.get(abstract), "numStyleLink")
        if linked and (other := self._styles.list_of(linked)) in self._lists:
            abstract = _value(self._lists[other], "abstractNumId")
        roots = [self._abstract.get(abstract), *self._lists[name].findall(f"{W}lvlOverride")]
        found = [level for root in roots if root is not None for level in root.findall(f"{W}lvl")]
        levels = {_whole(level.get(f"{W}ilvl", "")): level for level in found}
        return abstract, {at: level for at, level in levels.items() if at < _LEVELS}


def _written(levels: _Levels, at: int, counts: dict[int, int]) -> str:
    if _value(levels[at], "numFmt") == "bullet" or _hidden(levels[at]):
        return ""
    is_legal = levels[at].find(f"{W}isLgl") is not None

    def shown(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        if level not in levels:
            return ""
        style = _value(levels[level], "numFmt") or "decimal"
        count = counts.get(level, _whole(_value(levels[level], "start") or "0"))
        return formatted(count, "decimal" if is_legal and style != "none" else style)

    return re.sub("%([1-9])", shown, _value(levels[at], "lvlText")).strip()


def _hidden(level: Any) -> bool:
    return level.find(f"{W}rPr/{W}vanish") is not None


def formatted(count: int, style: str) -> str:
    """A number in a format of Word; the rarer ones are written in digits."""
    if style.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting")):
        return _chinese(count)
    write = _FORMATS.get(style)
    return write(count) if write else str(count)


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else ""


def _roman(count: int) -> str:
    roman = ""
    for value, sign in _ROMAN:
        roman, count = roman + count // value * sign, count % value
    return roman


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def _chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    if not 0 < count < 100:
        return str(count)
    ten = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
    return ten + (_CHINESE[ones] if ones else "")


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": "{:02}".format,
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "ordinal": _ordinal,
    "decimalEnclosedCircle": lambda count: chr(0x245F + count) if 0 < count <= 20 else str(count),
    "decimalEnclosedCircleChinese": lambda count: chr(0x245F + count) if 0 < count <= 20 else str(count),
}


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(VALUE, "") if found is not None else ""


def _whole(text: str) -> int:
    return min(_MOST, int(text)) if re.fullmatch("[0-9]{1,9}", text) else 0
