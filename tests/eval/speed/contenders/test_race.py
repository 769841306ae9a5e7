import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.answering.labelled.questions import Gold, LabelledQuestion
from eval.speed.contenders.corpus import read_passages, write_corpus, write_larger
from eval.speed.contenders.race import Entry, Race, recall_of
from tests.hashing import HashingEncoder

WORDS = [sys.executable, "-m", "tests.contending"]
NOTING = """
from pathlib import Path
from eval.speed.stage import perform
from tests.contending import Words

class Noting(Words):
    def ask(self, question):
        with Path({path!r}).open("a") as heard:
            heard.write(question + "\\n")
        return super().ask(question)

perform(Noting, "any")
"""
COLD = ["{folder}", "{question}"]
GOLD = Gold("garden/bees", 0, 45, "A honey bee visits about 2,000 flowers a day.")
QUESTION = LabelledQuestion("bees", "How many flowers visits a honey bee?", "fact", ((GOLD,),))


def race(folder: Path, target: Path, entries: dict[str, Entry], say: Callable[[str], None]) -> Race:
    count = HashingEncoder().count_tokens
    real = write_corpus(folder, target / "real.json", count)
    write_larger(folder, target / "larger", count, read_passages(target / "real.json"), 12)
    larger = write_corpus(target / "larger", target / "all.json", count)
    return Race(entries, real, larger, [QUESTION] * 30, 2, target, say)


def test_all_take_turns_and_one_that_fails_is_named_while_the_others_go_on(folder: Path, tmp_path: Path) -> None:
    entries = {
        "words": Entry([*WORDS, "words"], [*WORDS, "words", *COLD]),
        "clumsy": Entry([*WORDS, "clumsy"], [*WORDS, "clumsy", *COLD]),
        "guest": Entry([*WORDS, "guest"], asks="words"),
        "no start": Entry([*WORDS, "cold"], [sys.executable, "-c", "raise SystemExit('too cold')"]),
    }
    said: list[str] = []
    running = race(folder, tmp_path / "work", entries, said.append)
    figures = running.run()
    assert running.failed == {
        "clumsy": "build ended with exit code 1: RuntimeError: the shelf fell down",
        "no start": "a cold start ended with exit code 1: too cold",
    }
    assert list(figures) == ["words", "guest"]
    assert {name: len(figures["words"][name]) for name in ("build", "p50", "p95", "cold")} == {
        "build": 2,
        "p50": 6,
        "p95": 6,
        "cold": 4,
    }
    assert (figures["guest"]["build"], figures["guest"]["cold"], len(figures["guest"]["p50"])) == ([], [], 6)
    assert (figures["words"]["recall"], figures["guest"]["recall"]) == (1.0, 1.0)
    assert "clumsy is out: build ended with exit code 1: RuntimeError: the shelf fell down" in said


def test_who_takes_long_is_asked_some_of_the_questions(folder: Path, tmp_path: Path) -> None:
    heard, texts = tmp_path / "heard", [f"Question {number}?" for number in range(30)]
    command = [sys.executable, "-c", NOTING.format(path=str(heard))]
    running = race(folder, tmp_path / "work", {"noting": Entry(command, every=3)}, list[str]().append)
    running.questions = [replace(QUESTION, question=text) for text in texts]
    running.run()
    assert running.failed == {}
    turns = [text for number in range(6) for text in texts[5 + number :: 6][::3]]
    assert heard.read_text("utf-8").splitlines() == [*texts[:5], *turns, *texts[::3]]


def test_no_timed_question_was_asked_before_it_is_timed(folder: Path, tmp_path: Path) -> None:
    heard, texts = tmp_path / "heard", [f"Question {number}?" for number in range(30)]
    command = [sys.executable, "-c", NOTING.format(path=str(heard))]
    running = race(folder, tmp_path / "work", {"noting": Entry(command)}, list[str]().append)
    running.questions = [replace(QUESTION, question=text) for text in texts]
    running.run()
    assert running.failed == {}
    asked = heard.read_text("utf-8").splitlines()
    turns = [text for number in range(6) for text in texts[5 + number :: 6]]
    assert asked == [*texts[:5], *turns, *texts]


@pytest.mark.parametrize(("found", "share"), [([0, 3], 1.0), ([3, 1], 0.5), ([2, 4], 0.0)])
def test_recall_counts_passages_that_hold_half_of_a_gold_quote(found: list[int], share: float) -> None:
    parts = ((GOLD,), (Gold("zh/tea", 0, 6, "绿茶不发酵。"),))
    cuts = [
        ("", "garden/bees", 10, 45),
        ("", "garden/bees", 0, 22),
        ("", "garden/bees", 30, 90),
        ("", "zh/tea", 0, 20),
        ("", "moon", 0, 45),
    ]
    assert recall_of([found], [LabelledQuestion("two", "Two?", "comparison", parts)], cuts) == share
