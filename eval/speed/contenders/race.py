"""One run of all contenders in turns: each builds, answers and starts cold beside the others, in several rounds."""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from app.answering.questions import Gold, LabelledQuestion
from eval.measures import covered_share, mean, recall
from eval.run import HELD
from eval.speed.contender import Contender, Failed, last_line, module
from eval.speed.contenders.corpus import Cut, read_passages
from eval.speed.stage import quantiles

Say: TypeAlias = Callable[[str], None]

WARM = 5  # questions asked first and not counted
COLD, TURNS = 2, 3  # cold starts, and turns of questions, for each round of building


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender: the command of the process that stays up, and that of one cold question.

    `cold` has `{folder}` and `{question}` in it; if it is empty, no cold start is measured. A contender with `asks`
    builds nothing: it asks the index of the contender of that name.
    """

    name: str
    command: Sequence[str]
    cold: Sequence[str] = ()
    asks: str = ""


@dataclass(slots=True)
class Figures:
    """The measurements of one contender, a value a round. Seconds, milliseconds, MB."""

    build: list[float] = field(default_factory=list)  # passages a second
    build_mb: float | None = None  # peak of the process that builds
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    cold_mb: float | None = None  # peak of the process that answers one question
    recall: float | None = None  # of the needed passages among the first five


@dataclass(frozen=True, slots=True)
class Course:
    """The input of all contenders: two corpora as `write_corpus` describes them, questions, rounds, a work folder."""

    real: Mapping[str, Any]
    all: Mapping[str, Any]
    questions: Sequence[LabelledQuestion]
    rounds: int
    folder: Path


class Race:
    """The contenders that have not failed, and their figures."""

    def __init__(self, entries: Iterable[Entry], course: Course, say: Say) -> None:
        self.failed: dict[str, str] = {}
        self._course, self._say = course, say
        self._texts = [question.question for question in course.questions]
        self._entries = {entry.name: entry for entry in entries}
        self._running: dict[str, Contender] = {}
        self._figures = {name: Figures() for name in self._entries}

    def run(self) -> dict[str, dict[str, Any]]:
        """The figures of every contender that did not fail."""
        with ExitStack() as stack:
            for name, entry in self._entries.items():
                contender = Contender(entry.command, self._course.folder / f"{name}.log")
                self._running[name] = stack.enter_context(contender)
            rounds = self._course.rounds
            self._each("build of the articles alone", self._build_real)
            for number in range(rounds):
                self._each(f"build, round {number + 1} of {rounds}", self._build, number)
            self._each("opening", self._open)
            for number in range(rounds * TURNS):
                self._each(f"questions, turn {number + 1} of {rounds * TURNS}", self._ask, number)
            self._each("first cold start, not counted", self._start, -1)
            for number in range(rounds * COLD):
                self._each(f"cold start {number + 1} of {rounds * COLD}", self._start, number)
            self._each("recall", self._measure_recall)  # last: it asks every question, and answers may be kept
        return {name: asdict(figures) for name, figures in self._figures.items() if name not in self.failed}

    def _each(self, step: str, do: Callable[[str, int], None], number: int = 0) -> None:
        """Let all that have not failed do a step one after another; the first one changes with the number."""
        names = [name for name in self._entries if name not in self.failed]
        first = number % max(1, len(names))
        for name in [*names[first:], *names[:first]]:
            try:
                do(name, number)
            except Failed as error:
                self.failed[name] = str(error)
                self._running[name].close()
                self._say(f"{name} is out: {error}")
        self._say(step)

    def _tell_build(self, name: str, index: str, corpus: Mapping[str, Any]) -> float | None:
        """The seconds of a build; None for a contender that builds nothing."""
        if self._entries[name].asks:
            return None
        paths = {part: corpus[part] for part in ("articles", "passages")}
        return float(self._running[name].tell("build", **paths, folder=self._index(name, index))["seconds"])

    def _index(self, name: str, index: str) -> str:
        return str(self._course.folder / "indexes" / index / (self._entries[name].asks or name))

    def _build_real(self, name: str, _: int) -> None:
        self._tell_build(name, "real", self._course.real)

    def _build(self, name: str, number: int) -> None:
        if seconds := self._tell_build(name, f"all-{number}", self._course.all):
            self._figures[name].build.append(self._course.all["count"] / seconds)
            self._figures[name].build_mb = self._running[name].tell("memory")["peak_mb"]

    def _open(self, name: str, _: int) -> None:
        contender = self._running[name]
        contender.tell("open", passages=self._course.all["passages"], folder=self._index(name, "all-0"))
        contender.tell("ask", questions=self._texts[:WARM])

    def _ask(self, name: str, number: int) -> None:
        texts = self._texts[WARM + number :: self._course.rounds * TURNS]  # each once, none that was asked before
        p50, p95 = quantiles(self._running[name].tell("ask", questions=texts)["ms"])
        self._figures[name].p50.append(p50)
        self._figures[name].p95.append(p95)

    def _start(self, name: str, number: int) -> None:
        values = {"folder": self._index(name, "all-0"), "question": self._texts[number]}
        command = [part.format_map(values) for part in self._entries[name].cold]
        if not command:
            return
        log = self._course.folder / f"{name}-cold.log"
        starter = module("stage", str(log), *command)
        result = json.loads(subprocess.run(starter, capture_output=True, check=True).stdout)  # noqa: S603 - our own
        if result["code"]:
            raise Failed(f"a cold start ended with exit code {result['code']}: {last_line(log)}")
        if number >= 0:
            figures = self._figures[name]
            figures.cold.append(result["seconds"])
            figures.cold_mb = max(result["peak_mb"], figures.cold_mb or 0)

    def _measure_recall(self, name: str, _: int) -> None:
        contender, passages = self._running[name], self._course.real["passages"]
        contender.tell("open", passages=passages, folder=self._index(name, "real"))
        rows = contender.tell("ask", questions=self._texts)["found"]
        self._figures[name].recall = recall_of(rows, self._course.questions, read_passages(Path(passages)))


def recall_of(
    rows: Sequence[Sequence[int]], questions: Sequence[LabelledQuestion], cuts: Sequence[Cut]
) -> float | None:
    """Mean recall@5 of passages, given by the rows of each question, as `eval run` counts it."""
    return mean(
        [
            recall([_parts(question, cuts[row]) for row in hits], len(question.gold), 5)
            for hits, question in zip(rows, questions, strict=True)
        ]
    )


def _parts(question: LabelledQuestion, passage: Cut) -> frozenset[int]:
    """The numbers of the needed parts that a passage holds."""
    return frozenset(n for n, part in enumerate(question.gold) if any(_holds(passage, gold) for gold in part))


def _holds(passage: Cut, gold: Gold) -> bool:
    _, article, start, end = passage
    return gold.article == article and covered_share((gold.start, gold.end), [(start, end)]) >= HELD
