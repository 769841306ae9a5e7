"""One run of all contenders in turns: each builds, answers and starts cold beside the others, in several rounds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from eval.measures import covered_share, mean, recall
from eval.questions import Question
from eval.run import HELD
from eval.speed.contender import Contender, Failed, last_line
from eval.speed.contenders.corpus import Cut
from eval.speed.ratios import quantiles

Say: TypeAlias = Callable[[str], None]

WARM = 5  # questions asked first and not counted
COLD, TURNS = 2, 3  # cold starts, and turns of questions, for each round of building


@dataclass(frozen=True, slots=True)
class Entry:
    """Who takes part: the command of the process that stays up, and that of one cold question.

    `cold` has `{folder}` and `{question}` in it; empty: no cold start is measured. Where `builds` is
    false it asks the index that the contender named `asks` has built.
    """

    name: str
    command: Sequence[str]
    cold: Sequence[str] = ()
    builds: bool = True
    asks: str = ""


@dataclass(slots=True)
class Figures:
    """What was measured of one contender, a value a round. Seconds, milliseconds, MB."""

    build: list[float] = field(default_factory=list)  # passages a second
    build_mb: float | None = None  # peak of the process that builds
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    cold_mb: float | None = None  # peak of the process that answers one question
    recall: float | None = None  # of the needed passages among the first five


@dataclass(frozen=True, slots=True)
class Course:
    """What the contenders are given: corpora as `ours` has cut them, questions, how many rounds, where to work."""

    real: Mapping[str, Any]
    all: Mapping[str, Any]
    questions: Sequence[Question]
    rounds: int
    folder: Path


class Race:
    """The contenders that are still in it, and what was measured."""

    def __init__(self, entries: Iterable[Entry], course: Course, starter: Contender, say: Say) -> None:
        self.failed: dict[str, str] = {}
        self._course, self._starter, self._say = course, starter, say
        self._entries = {entry.name: entry for entry in entries}
        self._running: dict[str, Contender] = {}
        self._figures = {name: Figures() for name in self._entries}

    def run(self) -> dict[str, dict[str, Any]]:
        """The figures of every contender that came to the end."""
        with ExitStack() as stack:
            for entry in self._entries.values():
                log = self._course.folder / f"{entry.name}.log"
                self._running[entry.name] = stack.enter_context(Contender(entry.name, entry.command, log))
            self._each("on the articles alone", self._index_real, builders=True)
            for number in range(self._course.rounds):
                self._each(f"build, round {number + 1} of {self._course.rounds}", self._build, number, builders=True)
            self._each("opens its index", self._open)
            for number in range(turns := self._course.rounds * TURNS):
                self._each(f"questions, turn {number + 1} of {turns}", self._ask, number)
            self._each("first cold start, not counted", self._start, -1)
            for number in range(turns := self._course.rounds * COLD):
                self._each(f"cold start {number + 1} of {turns}", self._start, number)
            self._each("recall", self._measure_recall)  # last: it asks every question, and answers may be kept
        return {name: asdict(figures) for name, figures in self._figures.items() if name not in self.failed}

    def _each(self, what: str, do: Callable[..., None], number: int = 0, *, builders: bool = False) -> None:
        """Let those that are left do it one after another, beginning with another one each time."""
        names = [name for name in self._entries if name not in self.failed]
        first = number % len(names) if names else 0
        for name in [*names[first:], *names[:first]]:
            if builders and not self._entries[name].builds:
                continue
            try:
                do(name, number)
            except Failed as error:
                self.failed[name] = str(error)
                self._running[name].close()
                self._say(f"{name} is out: {error}")
        self._say(what)

    def _index(self, name: str, corpus: str) -> str:
        return str(self._course.folder / "indexes" / corpus / (self._entries[name].asks or name))

    def _index_real(self, name: str, _: int) -> None:
        self._running[name].tell("build", **_given(self._course.real), folder=self._index(name, "real"))

    def _measure_recall(self, name: str, _: int) -> None:
        texts = [question.question for question in self._course.questions]
        self._running[name].tell("open", passages=self._course.real["passages"], folder=self._index(name, "real"))
        found = self._running[name].tell("ask", questions=texts)["found"]
        self._figures[name].recall = recall_of(found, self._course.questions, self._course.real["cuts"])

    def _build(self, name: str, number: int) -> None:
        folder = self._index(name, f"all-{number}")
        seconds = self._running[name].tell("build", **_given(self._course.all), folder=folder)["seconds"]
        self._figures[name].build.append(self._course.all["count"] / seconds)
        self._figures[name].build_mb = self._running[name].tell("memory")["peak_mb"]

    def _open(self, name: str, _: int) -> None:
        contender, texts = self._running[name], [question.question for question in self._course.questions]
        contender.tell("open", passages=self._course.all["passages"], folder=self._index(name, "all-0"))
        contender.tell("ask", questions=texts[:WARM])

    def _ask(self, name: str, number: int) -> None:
        texts = [question.question for question in self._course.questions]
        own = texts[WARM + number :: self._course.rounds * TURNS]  # each once, none that was asked before
        p50, p95 = quantiles(self._running[name].tell("ask", questions=own)["ms"])
        self._figures[name].p50.append(p50)
        self._figures[name].p95.append(p95)

    def _start(self, name: str, number: int) -> None:
        values = {"folder": self._index(name, "all-0"), "question": self._course.questions[number].question}
        command = [part.format_map(values) for part in self._entries[name].cold]
        if not command:
            return
        log = self._course.folder / f"{name}-cold.log"
        reply = self._starter.tell("start", command=command, log=str(log))
        if reply["code"]:
            raise Failed(f"a cold start ended with exit code {reply['code']}: {last_line(log)}")
        if number >= 0:
            figures = self._figures[name]
            figures.cold.append(reply["seconds"])
            figures.cold_mb = max(reply["peak_mb"], figures.cold_mb or 0)


def _given(corpus: Mapping[str, Any]) -> dict[str, str]:
    return {name: corpus[name] for name in ("articles", "passages")}


def recall_of(found: Sequence[Sequence[int]], questions: Sequence[Question], cuts: Sequence[Cut]) -> float | None:
    """Mean recall@5 of the passages found, given by their rows, as `eval run` counts it."""
    return mean([_recall(rows, question, cuts) for rows, question in zip(found, questions, strict=True)])


def _recall(rows: Sequence[int], question: Question, cuts: Sequence[Cut]) -> float:
    held = [
        frozenset(n for n, part in enumerate(question.gold) if any(_holds(cuts[row], gold) for gold in part))
        for row in rows
    ]
    return recall(held, len(question.gold), 5)


def _holds(passage: Cut, gold: Any) -> bool:
    _, article, start, end = passage
    return bool(gold.article == article and covered_share((gold.start, gold.end), [(start, end)]) >= HELD)
