"""Days of the week that a question asks about, and those that a line stands for: "Mon-Thu" holds Tuesday."""

import re
from functools import lru_cache

from index.patterns import lazy

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORT = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_DAY = rf"(?:{'|'.join(_DAYS)}|{_SHORT})(?:s|\b\.)?"
_ABBREVIATED = lazy(rf"(?:{_SHORT})(?:s|\.)?")
_HAN = r"(?:周|星期|礼拜)[一二三四五六日天]"
_HAN_DAYS = "一二三四五六日"
_WORKING, _FREE = range(5), range(5, 7)
_RANGE = lazy(
    rf"\b(?P<first>{_DAY}) ?(?:to|until|till|through|[-–—]) ?(?P<last>{_DAY})\b"
    rf"|(?P<han_first>{_HAN}) ?[至到—–-] ?(?P<han_last>(?:周|星期|礼拜)?[一二三四五六日天])",
    re.IGNORECASE,
)
_ONE = lazy(rf"\b(?P<day>{_DAY})\b|(?P<han>{_HAN})", re.IGNORECASE)
_GROUPS = [
    (lazy(r"\b(?:weekdays?|working days?|workdays?)\b|工作日", re.IGNORECASE), _WORKING),
    (lazy(r"\bweekends?\b|周末", re.IGNORECASE), _FREE),
    (lazy(r"\b(?:daily|every day|each day|all week|seven days)\b|每[天日]", re.IGNORECASE), range(7)),
]


@lru_cache(maxsize=4_096)
def weekdays_in(text: str) -> frozenset[int]:
    """The days of the week that a text names, those within a range included; Monday is 0.

    A short form such as "sat" counts with a capital letter alone.
    """
    days: set[int] = set()
    for match in _RANGE.finditer(text):
        script = "han_" if match["han_first"] else ""
        first, last = _number(match[f"{script}first"]), _number(match[f"{script}last"])
        days.update((first + place) % 7 for place in range((last - first) % 7 + 1))
    named = (match[0] for match in _ONE.finditer(text))
    days.update(_number(day) for day in named if not (day.islower() and _ABBREVIATED.fullmatch(day)))
    for form, group in _GROUPS:
        if form.search(text):
            days.update(group)
    return frozenset(days)


def _number(day: str) -> int:
    if day[-1] in "一二三四五六日天":
        return _HAN_DAYS.index(day[-1].replace("天", "日"))
    return next(number for number, name in enumerate(_DAYS) if name.startswith(day.lower()[:3]))
