import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.answering.labelled.questions import (
    KINDS,
    TEMPLATE,
    WAY_KINDS,
    BadSet,
    Gold,
    LabelledQuestion,
    read_questions,
    untouched,
)
from index.articles.article import Article
from index.reading.folder import read_folder
from tests.conftest import PROJECT

QUESTIONS = PROJECT / "eval" / "questions.jsonl"
BEES = Article("bees", "Bees", "Bees fly. Bees rest. A day is long.", (), "")
LEAST = {
    "fact": 80,
    "paraphrase": 60,
    "riddle": 40,
    "comparison": 25,
    "temporal": 25,
    "follow-up": 25,
    "chinese": 15,
    "near-miss": 60,
    "outside": 130,
    **dict.fromkeys(("phrase", "date", "number", "list", "definition", "yes-no", "side-by-side"), 15),
}
OF_WAYS = {"latest": 15, "acronym": 15, "exclusion": 15}
GOOD: dict[str, Any] = {
    "id": "fact-001",
    "question": "Do bees fly?",
    "kind": "fact",
    "gold": [[{"article": "bees", "quote": "Bees fly."}]],
    "history": [],
}
NEEDED = "every kind but near-miss and outside needs gold"
LIST = {**GOOD, "kind": "list", "gold": []}


def find(name: str) -> Article | None:
    return BEES if name == "bees" else None


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_quote_becomes_the_span_where_it_stands(tmp_path: Path) -> None:
    gold = [[{"article": "bees", "quote": "Bees rest."}], [{"article": "bees", "quote": "A day"}]]
    history = [{"question": "What are bees?", "articles": ["bees"]}]
    questions = read_questions(written(tmp_path, {**GOOD, "gold": gold, "history": history}, ""), find)
    parts = ((Gold("bees", 10, 20, "Bees rest."),), (Gold("bees", 21, 26, "A day"),))
    assert questions == [LabelledQuestion("fact-001", "Do bees fly?", "fact", parts, ("What are bees?",))]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "line 1: not JSON"),
        ({**GOOD, "kind": "puzzle"}, "line 1: kind 'puzzle' is none of: fact, paraphrase, riddle"),
        ({**GOOD, "gold": []}, f"line 1: {NEEDED}"),
        ({**GOOD, "gold": [[]]}, f"line 1: {NEEDED}"),
        ({**GOOD, "kind": "near-miss"}, f"line 1: {NEEDED}"),
        ({**GOOD, "kind": "outside"}, f"line 1: {NEEDED}"),
        ({**GOOD, "question": " "}, "line 1: question is not a text: ' '"),
        ({**GOOD, "answer": "yes"}, "line 1: unknown fields: answer"),
        ({"id": "a"}, "line 1: field 'kind' is missing"),
        ({**GOOD, "gold": [[{"article": "wasps", "quote": "x"}]]}, "line 1: there is no article 'wasps'"),
        ({**GOOD, "gold": [[{"article": "bees", "quote": "Bees swim."}]]}, "bees does not hold the quote 'Bees swim.'"),
        ({**GOOD, "gold": [[{"article": "bees", "quote": "Bees"}]]}, "bees holds the quote 'Bees' more than once"),
        ({**GOOD, "kind": "list", "gold": []}, f"line 1: {NEEDED}"),
        ({**GOOD, "count": 2}, "line 1: count and articles are for questions of kind list without gold"),
        ({**GOOD, "kind": "list", "articles": ["bees"]}, "count and articles are for questions of kind list without"),
        ({**LIST, "count": -1}, "line 1: count is no number of articles: -1"),
        ({**LIST, "count": True}, "line 1: count is no number of articles: True"),
        ({**LIST, "count": "2"}, "line 1: count is no number of articles: '2'"),
        ({**LIST, "articles": ["wasps"]}, "line 1: there is no article 'wasps'"),
        ({**LIST, "articles": ["bees", "bees"]}, "line 1: articles is a list of ids, each once"),
        ({**LIST, "articles": "bees"}, "line 1: articles is a list of ids, each once"),
        ({**LIST, "articles": ["bees"], "count": 2}, "line 1: count is 2, but there are 1 articles"),
        ({**GOOD, "today": "yesterday"}, "line 1: Invalid isoformat string: 'yesterday'"),
        ({**GOOD, "today": 20260331}, "line 1: today is not a text: 20260331"),
        ("", "there is no question in it"),
    ],
)
def test_a_faulty_line_is_named_with_the_reason(tmp_path: Path, line: object, fault: str) -> None:
    with pytest.raises(BadSet) as error:
        read_questions(written(tmp_path, line), find)
    assert fault in str(error.value)


def test_a_question_for_a_list_states_the_number_of_articles_or_which_they_are(tmp_path: Path) -> None:
    lines = (
        {**LIST, "id": "a", "count": 3},
        {**LIST, "id": "b", "articles": ["bees"]},
        {**LIST, "id": "c", "count": 0},
    )
    questions = read_questions(written(tmp_path, *lines), find)
    expected = [(3, None), (1, frozenset({"bees"})), (0, None)]
    assert [(question.count, question.articles) for question in questions] == expected
    assert [question.answerable for question in questions] == [True] * 3


def test_a_relative_question_has_the_day_on_which_it_is_asked(tmp_path: Path) -> None:
    lines = ({**GOOD, "kind": "latest", "today": "2026-03-31"}, {**GOOD, "id": "b"})
    assert [q.today for q in read_questions(written(tmp_path, *lines), find)] == [date(2026, 3, 31), None]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match="3 faults") as error:
        read_questions(written(tmp_path, GOOD, "{", GOOD, "[]"), find)
    assert "line 2:" in str(error.value)
    assert "line 4:" in str(error.value)
    assert "id 'fact-001' stands on 2 lines" in str(error.value)


def test_a_missing_file_tells_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match="python -m eval check --template >"):
        read_questions(tmp_path / "none.jsonl", find)


def test_the_template_has_one_line_of_each_shape() -> None:
    lines = [json.loads(line) for line in TEMPLATE.splitlines()]
    assert {line["kind"] for line in lines} <= set(KINDS)
    assert [len(line["gold"]) for line in lines] == [1, 2, 1, 0, 0, 1, 0, 0]
    assert [line.keys() & {"count", "articles", "today"} for line in lines[5:]] == [{"today"}, {"articles"}, {"count"}]


def test_a_kind_of_earlier_templates_is_read_as_the_one_that_it_was(tmp_path: Path) -> None:
    lines = [{**GOOD, "id": kind, "kind": kind, "gold": []} for kind in ("unanswerable", "near-miss", "outside")]
    assert [q.kind for q in read_questions(written(tmp_path, *lines), find)] == ["near-miss", "near-miss", "outside"]


def test_articles_without_a_question_are_listed() -> None:
    question = LabelledQuestion("a", "a?", "fact", ((Gold("bees", 0, 4, "Bees"),),))
    assert untouched([question], ["wasps", "bees", "ants"]) == ["ants", "wasps"]


def test_the_projects_own_set_is_sound_and_large_enough_of_every_kind() -> None:
    articles = {article.id: article for article in read_folder(PROJECT / "source_texts").articles}
    questions = read_questions(QUESTIONS, articles.get)
    assert len(questions) >= 600
    assert [kind for kind, least in LEAST.items() if sum(q.kind == kind for q in questions) < least] == []
    assert all(len({gold.article for part in q.gold for gold in part}) > 1 for q in questions if q.kind == "comparison")
    asked_later = Counter(q.kind for q in questions if q.history)
    assert asked_later == {"follow-up": 30, "near-miss": 30, "outside": 60}
    assert untouched(questions, articles) == []


def test_the_set_on_editions_short_names_and_ingredients_is_sound_and_large_enough_of_every_kind() -> None:
    folder = PROJECT / "eval" / "ways"
    articles = {article.id: article for article in read_folder(folder / "articles").articles}
    questions = read_questions(folder / "questions.jsonl", articles.get)
    assert [kind for kind, least in OF_WAYS.items() if sum(q.kind == kind for q in questions) < least] == []


@pytest.mark.parametrize("path", [QUESTIONS, QUESTIONS.parent / "ways" / "questions.jsonl"])
def test_of_each_way_to_ask_about_a_fifth_is_in_chinese(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    asked = [line for line in lines if line["kind"] in WAY_KINDS]
    chinese = Counter(line["kind"] for line in asked if re.search("[\u4e00-\u9fff]", line["question"]))
    kinds = Counter(line["kind"] for line in asked)
    assert [kind for kind, count in kinds.items() if not 0.14 <= chinese[kind] / count <= 0.3] == []
