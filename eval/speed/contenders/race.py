"""One run of all contenders in turns: each builds, answers and starts cold beside the others, in several rounds."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from app.answering.labelled.questions import Gold, LabelledQuestion
from eval.measures import covered_share, mean, recall
from eval.run import HELD
from eval.speed.contender import ENVIRONMENT, PROJECT, Contender, Failed, last_line, module
from eval.speed.contenders.corpus import Cut, read_passages
from eval.speed.stage import quantiles

Say: TypeAlias = Callable[[str], None]

WARM = 5  # questions asked first and not counted
COLD, TURNS = 2, 3  # cold starts, and turns of questions, for each round of building


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender: the command of the process that stays up, and that of one cold question.

    `cold` has `{folder}` and `{question}` in it; if it is empty, no cold start is measured. A contender with `asks`
    builds nothing: it asks the index of the contender of that name. `at` is the checkout whose code runs. One that
    takes long is asked one of `every` so many questions.
    """

    command: Sequence[str]
    cold: Sequence[str] = ()
    asks: str = ""
    at: Path = PROJECT
    every: int = 1


@dataclass(slots=True)
class Figures:
    """The measurements of one contender, a value a round. Seconds, milliseconds, MB."""

    build: list[float] = field(default_factory=list)  # passages a second
    build_mb: float | None = None  # peak of the process that builds
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of all cores, a question
    cold: list[float] = field(default_factory=list)
    cold_mb: float | None = None  # peak of the process that answers one question
    recall: float | None = None  # of the needed passages among the first five


@dataclass(slots=True)
class Race:
    """The contenders, the input of all (two corpora as `write_corpus` describes them, questions), and the figures.

    `failed` has the reasons of contenders that are out.
    """

    entries: Mapping[str, Entry]
    real: Mapping[str, Any]
    larger: Mapping[str, Any]
    questions: Sequence[LabelledQuestion]
    rounds: int
    folder: Path
    say: Say
    figures: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    failed: dict[str, str] = field(default_factory=dict)
    _running: dict[str, Contender] = field(default_factory=dict)

    @property
    def _texts(self) -> list[str]:
        return [question.question for question in self.questions]

    def run(self) -> dict[str, dict[str, Any]]:
        """The figures of every contender that did not fail."""
        with ExitStack() as stack:
            for name, entry in self.entries.items():
                self._running[name] = stack.enter_context(
                    Contender(entry.command, self.folder / f"{name}.log", entry.at)
                )
            rounds = self.rounds
            self._each("build of the articles alone", self._build, -1)
            for number in range(rounds):
                self._each(f"build, round {number + 1} of {rounds}", self._build, number)
            self._each("opening", self._open)
            for number in range(rounds * TURNS):
                self._each(f"questions, turn {number + 1} of {rounds * TURNS}", self._ask, number)
            self._each("first cold start, not counted", self._start, -1)
            for number in range(rounds * COLD):
                self._each(f"cold start {number + 1} of {rounds * COLD}", self._start, number)
            self._each("recall", self._measure_recall)  # last: it asks every question, and answers may be kept
        return {name: asdict(figures) for name, figures in self.figures.items() if name not in self.failed}

    def _each(self, step: str, do: Callable[[str, int], None], number: int = 0) -> None:
        """Let all that have not failed do a step one after another; the first one changes with the number."""
        names = [name for name in self.entries if name not in self.failed]
        first = number % max(1, len(names))
        for name in [*names[first:], *names[:first]]:
            try:
                do(name, number)
            except Failed as error:
                self.failed[name] = str(error)
                self._running[name].close()
                self.say(f"{name} is out: {error}")
        self.say(step)

    def _index(self, name: str, index: str) -> str:
        return str(self.folder / "indexes" / index / (self.entries[name].asks or name))

    def _build(self, name: str, number: int) -> None:
        """Build the larger corpus; with the number -1 the articles alone, which is not timed."""
        if self.entries[name].asks:
            return
        corpus, index = (self.real, "real") if number < 0 else (self.larger, f"all-{number}")
        paths = {part: corpus[part] for part in ("articles", "passages")}
        reply = self._running[name].tell("build", **paths, folder=self._index(name, index))
        if number >= 0:
            self.figures[name].build.append(corpus["count"] / reply["seconds"])
            self.figures[name].build_mb = self._running[name].tell("memory")["peak_mb"]

    def _open(self, name: str, _: int) -> None:
        contender = self._running[name]
        contender.tell("open", passages=self.larger["passages"], folder=self._index(name, "all-0"))
        contender.tell("ask", questions=self._texts[:WARM])

    def _ask(self, name: str, number: int) -> None:
        texts = self._texts[WARM + number :: self.rounds * TURNS]  # each once, none that was asked before
        asked = texts[:: self.entries[name].every]
        reply, figures = self._running[name].tell("ask", questions=asked), self.figures[name]
        p50, p95 = quantiles(reply["ms"])
        figures.p50.append(p50)
        figures.p95.append(p95)
        if "cpu_ms" in reply:  # an older checkout does not measure it
            figures.cpu.append(reply["cpu_ms"])

    def _start(self, name: str, number: int) -> None:
        values = {"folder": self._index(name, "all-0"), "question": self._texts[number]}
        command = [part.format_map(values) for part in self.entries[name].cold]
        if not command:
            return
        log = self.folder / f"{name}-cold.log"
        starter = module("stage", str(log), *command)
        at = self.entries[name].at
        result = json.loads(subprocess.check_output(starter, cwd=at, env=os.environ | ENVIRONMENT))  # noqa: S603 - ours
        if result["code"]:
            raise Failed(f"a cold start ended with exit code {result['code']}: {last_line(log)}")
        if number >= 0:
            figures = self.figures[name]
            figures.cold.append(result["seconds"])
            figures.cold_mb = max(result["peak_mb"], figures.cold_mb or 0)

    def _measure_recall(self, name: str, _: int) -> None:
        contender, passages = self._running[name], self.real["passages"]
        contender.tell("open", passages=passages, folder=self._index(name, "real"))
        every = self.entries[name].every
        rows = contender.tell("ask", questions=self._texts[::every])["found"]
        self.figures[name].recall = recall_of(rows, self.questions[::every], read_passages(Path(passages)))


def recall_of(
    rows: Sequence[Sequence[int]], questions: Sequence[LabelledQuestion], cuts: Sequence[Cut]
) -> float | None:
    """Mean recall@5 of passages, given by the rows of each question, as `eval run` counts it."""
    pairs = zip(rows, questions, strict=True)
    return mean([recall([_parts(own, cuts[row]) for row in hits], len(own.gold), 5) for hits, own in pairs])


def _parts(question: LabelledQuestion, passage: Cut) -> frozenset[int]:
    """The numbers of the needed parts that a passage holds."""
    return frozenset(n for n, part in enumerate(question.gold) if any(_holds(passage, gold) for gold in part))


def _holds(passage: Cut, gold: Gold) -> bool:
    _, article, start, end = passage
    return gold.article == article and covered_share((gold.start, gold.end), [(start, end)]) >= HELD
