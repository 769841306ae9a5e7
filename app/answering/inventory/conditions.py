"""Conditions at the end of a question about the collection: dates, publishers and the order of the list."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.answering.inventory.wording import (
    CONDITIONS,
    breaks,
    endings,
    language_codes,
    patterns,
    published,
    since,
)
from app.answering.ways.times.relative import relative_times
from index.articles.dates import dates_in, days_of
from index.articles.filters import folded, period
from index.passages.sentences import Span
from index.patterns import lazy

_YEAR = lazy(r"((?:19|20)\d\d) ?年?", re.ASCII)
_AROUND = " ,，、的"
_MOST = 6  # conditions of a question
_EVER = (date.min.toordinal(), date.max.toordinal())


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which articles are meant, and in which order.

    `days` are the first and the last day as `date.toordinal` counts them, None for any; articles must be of each of
    the `publishers` (folded names) and in one of the `languages` (codes), if there are any. `words` are those of the
    question. `order` is `newest`, `oldest` or empty.
    """

    days: Span | None = None
    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    order: str = ""


NO_CONDITIONS = Conditions()


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting in which a text is read: the code of its language, the folded names of publishers, and the day."""

    code: str
    publishers: Container[str]
    today: date


def split(text: str, setting: Setting, known: Conditions = NO_CONDITIONS) -> tuple[str, Conditions]:
    """The text without the conditions at its end, and these with the `known` ones."""
    for _ in range(_MOST):
        found = _last(text, setting, known)
        if found is None:
            break
        text, known = found
    return text, known


def bare(text: str, setting: Setting, known: Conditions) -> Conditions | None:
    """The known conditions with the one that a text consists of: "2025", "this year's", "Xinhua's", "Chinese".

    None for any other text.
    """
    name = re.sub(r"['’]s$|的$", "", text.strip())
    if days := day_range(name):
        return _within(known, days, name)
    for time in relative_times(name, setting.today):
        if (time.start, time.end) == (0, len(name)):
            return _within(known, (time.first.toordinal(), time.last.toordinal()), name)
    if code := language_codes(setting.code).get(name.lower()):
        return _in_language(known, code, name)
    if folded(name) in setting.publishers:
        return replace(known, publishers=(*known.publishers, folded(name)), words=(*known.words, name))
    return None


def day_range(written: str) -> Span | None:
    """The first and the last day of a year, month or day in any spelling that is read; None for other texts."""
    text = written.strip(" ,")
    if match := _YEAR.fullmatch(text):
        return period(match[1])
    return next((days_of(dated.value) for dated in dates_in(text) if text[dated.start : dated.end] == text), None)


def _last(text: str, setting: Setting, known: Conditions) -> tuple[str, Conditions] | None:
    """The text before its last condition, and the conditions with it; None without any."""
    return _last_time(text, setting, known) or _last_name(text, setting, known)


def _last_time(text: str, setting: Setting, known: Conditions) -> tuple[str, Conditions] | None:
    """The text before the time or the order at its end, and the conditions with it; None without any."""
    code = setting.code
    for name in CONDITIONS:
        for match in filter(None, (pattern.fullmatch(text) for pattern in endings(code, name))):
            left = published(code).sub("", match["left"])
            if name in ("newest_first", "oldest_first"):
                return left, replace(known, order=name.removesuffix("_first"))
            if days := _days(name, match.groupdict()):
                return left, _within(known, days, text[match.end("left") :].strip(_AROUND))
    end = len(published(code).sub("", text))
    for time in relative_times(text, setting.today):
        if time.end in (end, len(text)):
            left, days = text[: time.start].rstrip(_AROUND), (time.first.toordinal(), time.last.toordinal())
            if open_end := since(code).search(left):
                left, days = left[: open_end.start()].rstrip(_AROUND), (days[0], _EVER[1])
            return published(code).sub("", left), _within(known, days, text[len(left) :].strip(_AROUND))
    return None


def _last_name(text: str, setting: Setting, known: Conditions) -> tuple[str, Conditions] | None:
    """The text before the language or publisher at its end, and the conditions with it; None without any."""
    code = setting.code
    for start in breaks(text):
        for match in filter(None, (pattern.fullmatch(text, start) for pattern in patterns(code, "in_language"))):
            if language := language_codes(code).get(match["language"].lower()):
                left = published(code).sub("", text[:start].rstrip(_AROUND))
                return left, _in_language(known, language, text[start:].strip(_AROUND))
        for match in filter(None, (pattern.fullmatch(text, start) for pattern in patterns(code, "publisher"))):
            if (name := folded(match["publisher"])) in setting.publishers:
                left = published(code).sub("", text[:start].rstrip(_AROUND))
                words = text[start:].strip(_AROUND)
                return left, replace(known, publishers=(*known.publishers, name), words=(*known.words, words))
    return None


def _within(known: Conditions, days: Span, words: str) -> Conditions:
    first, last = known.days or _EVER
    return replace(known, days=(max(first, days[0]), min(last, days[1])), words=(*known.words, words))


def _in_language(known: Conditions, language: str, words: str) -> Conditions:
    return replace(known, languages=(*known.languages, language), words=(*known.words, words))


def _days(name: str, groups: Mapping[str, str]) -> Span | None:
    """The days that a condition means; None where its date cannot be read."""
    days = day_range(groups["date"])
    if days is None:
        return None
    first, last = days
    if name == "between":
        end = day_range(groups["end"])
        return (first, end[1]) if end and end[1] >= first else None
    return {
        "since": (first, _EVER[1]),
        "after": (min(last + 1, _EVER[1]), _EVER[1]),
        "until": (_EVER[0], last),
        "before": (_EVER[0], max(first - 1, _EVER[0])),
        "in": days,
    }[name]
