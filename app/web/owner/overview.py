"""The log in numbers: questions by verdict, week and article, times, and articles that are never or too often cited."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from app.log.question_log import LoggedQuestion, QuestionLog
from index.articles.catalogue import Catalogue, Entry
from index.articles.facets import Facets
from index.articles.filters import period

VERDICTS = ("answer", "related", "none")
DAYS = (7, 28, 90, 365)  # lengths of time that can be chosen
MOST_LINES = 50_000  # the newest ones of a page
_OLD = 365  # days after which an article that is cited may be stale
_LISTED = 30


@dataclass(frozen=True, slots=True)
class Week:
    """The questions of a week that begins on this Monday: their number by verdict, and quantiles of their times."""

    monday: date
    counts: Mapping[str, int]
    p50: int
    p95: int

    @property
    def total(self) -> int:
        """The number of questions."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Cited:
    """An article and the number of answers that cite it; `why` says what makes it stale, empty for none."""

    entry: Entry
    count: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers of a page. `cited` and `stale` begin with the articles that are cited most."""

    verdicts: Mapping[str, int]
    weeks: Sequence[Week]
    cited: Sequence[Cited]
    stale: Sequence[Cited]
    never: Sequence[Entry]
    disliked: Sequence[LoggedQuestion]
    p50: int
    p95: int

    @property
    def total(self) -> int:
        """The number of questions."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class Selection:
    """Questions to show: of the last days, and with this verdict, word, week, article or feedback where it is given."""

    days: int = 28
    verdict: str = ""
    words: str = ""
    week: str = ""
    article: str = ""
    disliked: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether more than the time is chosen."""
        return bool(self.verdict or self.words or self.week or self.article or self.disliked)

    def fits(self, line: LoggedQuestion) -> bool:
        """Whether a line of the log is selected; its time apart."""
        return (
            (not self.verdict or line.verdict == self.verdict)
            and all(word in line.question.casefold() for word in self.words.casefold().split())
            and (not self.week or monday_of(line.hour).isoformat() == self.week)
            and (not self.article or self.article in line.articles)
            and (not self.disliked or line.helpful is False)
        )


def lines_of(log: QuestionLog, days: int) -> list[LoggedQuestion]:
    """The newest lines of the last days, at most 50,000, oldest first. Raises BadLog."""
    return list(deque(log.questions(datetime.now(UTC) - timedelta(days)), MOST_LINES))


def seen_lines(lines: Iterable[LoggedQuestion], articles: Catalogue) -> list[LoggedQuestion]:
    """The lines without the ids of articles that cannot be seen."""
    seen = {entry.id for entry in articles.entries()}
    return [
        replace(
            line,
            articles=tuple(name for name in line.articles if name in seen),
            passages=tuple(passage for passage in line.passages if passage[0] in seen),
        )
        for line in lines
    ]


def monday_of(hour: datetime) -> date:
    """The Monday of the week of a time, in UTC."""
    return hour.date() - timedelta(hour.weekday())


def overview(lines: Sequence[LoggedQuestion], articles: Catalogue, facets: Facets, today: date) -> Overview:
    """The numbers of lines that name visible articles alone."""
    weeks: dict[date, list[LoggedQuestion]] = {}
    for line in lines:
        weeks.setdefault(monday_of(line.hour), []).append(line)
    counts = Counter(name for line in lines for name in line.articles)
    entries = {entry.id: entry for entry in articles.entries()}
    cited = [
        Cited(entries[name], count, _stale(articles.row(name), entries[name], facets, today))
        for name, count in counts.most_common()
        if name in entries
    ]
    p50, p95 = _quantiles(lines)
    return Overview(
        verdicts=_verdicts(lines),
        weeks=[Week(monday, _verdicts(own), *_quantiles(own)) for monday, own in sorted(weeks.items())],
        cited=cited[:_LISTED],
        stale=[each for each in cited if each.why][:_LISTED],
        never=[entry for name, entry in entries.items() if name not in counts],
        disliked=[line for line in reversed(lines) if line.helpful is False][:_LISTED],
        p50=p50,
        p95=p95,
    )


def _verdicts(lines: Iterable[LoggedQuestion]) -> dict[str, int]:
    counts = Counter(line.verdict for line in lines)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def _quantiles(lines: Sequence[LoggedQuestion]) -> tuple[int, int]:
    times = [line.milliseconds for line in lines] or [0]
    p50, p95 = np.quantile(times, [0.5, 0.95])
    return round(p50), round(p95)


def _stale(row: int | None, entry: Entry, facets: Facets, today: date) -> str:
    """Why an article may be stale, empty for none."""
    if row is None:
        return ""
    if facets.succession.superseding.get(row):
        return "superseded"
    if facets.succession.last_days.get(row, today.toordinal()) < today.toordinal():
        return "expired"
    is_old = bool(entry.published) and period(entry.published)[1] < today.toordinal() - _OLD
    return f"published {entry.published}" if is_old else ""
