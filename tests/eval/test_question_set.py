from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.labelled.questions import PLAIN_KINDS, LabelledQuestion, read_questions
from eval.run import evaluate
from index.keywords.tokenizer import tokenise
from index.search.fusion import WEIGHTINGS
from index.search.highlight import coverage
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot
from tests.answers import answer_to
from tests.conftest import PROJECT

QUESTIONS = PROJECT / "eval" / "questions.jsonl"


@pytest.fixture(scope="module")
def searcher(project_root: Path) -> Searcher:
    return Searcher.open(open_location(project_root).open())


@pytest.fixture(scope="module")
def questions(searcher: Searcher) -> list[LabelledQuestion]:
    return read_questions(QUESTIONS, searcher.articles.by_id)


def test_at_least_a_fifth_is_not_answered_first_by_vectors_alone(
    searcher: Searcher, questions: list[LabelledQuestion]
) -> None:
    dense = searcher.ranked_by(WEIGHTINGS["dense"])

    def ask(question: LabelledQuestion, k: int) -> Answer:
        return answer_to(dense, question.question, k)

    answerable = [question for question in questions if question.gold and question.kind in PLAIN_KINDS][::3]
    outcomes = evaluate(answerable, ask, lambda _: "")
    missed = [outcome.id for outcome in outcomes if outcome.rank != 1]
    assert len(missed) >= len(answerable) / 5


def test_a_riddle_shares_no_word_with_a_passage_that_answers_it(
    project_root: Path, questions: list[LabelledQuestion]
) -> None:
    snapshot = read_snapshot(live_build(project_root))
    passages = [snapshot.passage(row) for row in range(len(snapshot.rows.passages))]
    shared = [
        question.id
        for question in questions
        if question.kind == "riddle"
        for part in question.gold
        for gold in part
        for passage in passages
        if passage.article.id == gold.article and passage.start <= gold.start and gold.end <= passage.end
        if coverage(dict.fromkeys(tokenise(question.question), 1.0), passage.text) > 0
    ]
    assert shared == []
