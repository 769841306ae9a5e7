"""The first, the previous and the present holder of an office, and what is not in force yet."""

from pathlib import Path

import pytest

from app.answering.ways.all import WAYS, mentioned
from app.answering.ways.way import Known
from index.search.questions.question import Question
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.app.answering.ways.times.test_newest import TODAY, names, searcher_for

MAYORS = {
    "m2011.md": ("2011-05-01", "Ida Soler becomes mayor of Port Linden. The band played."),
    "m2018.md": ("2018-05-01", "Piet Mulder becomes mayor of Port Linden. The band played."),
    "m2025.md": ("2025-05-01", "Yara Haddad becomes mayor of Port Linden. The band played."),
    "mill.md": ("2024-05-01", "Storks nest on the mill. Nobody may climb its roof."),
}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who was the first mayor of Port Linden?", "m2011"),
        ("Who was the previous mayor of Port Linden?", "m2018"),
        ("Who is the current mayor of Port Linden?", "m2025"),
        ("Who was mayor of Port Linden before the present one?", "m2018"),
        ("上一任 mayor of Port Linden?", "m2018"),
    ],
)
def test_the_first_the_previous_and_the_current_holder_are_told_by_the_dates(
    question: str, first: str, tmp_path: Path
) -> None:
    assert names(searcher_for(tmp_path, MAYORS), question)[0] == first


def test_chinese_words_for_the_present_are_not_searched_for(tmp_path: Path) -> None:
    articles = {
        "2020.md": ("2020-05-01", "刘平任本校校长，任期四年。"),
        "2024.md": ("2024-05-01", "何川任本校校长，任期四年。"),
        "history.md": ("2017-05-01", "学校迁入现在的校址，共四层。"),
    }
    assert names(searcher_for(tmp_path, articles), "现在的校长是谁？")[:2] == ["2024", "2020"]


def test_a_text_that_says_who_was_first_is_not_put_behind_an_older_one(tmp_path: Path) -> None:
    history = {"history.md": ("2024-09-01", "The first mayor of Port Linden was Carl Brahe. The band played.")}
    assert names(searcher_for(tmp_path, MAYORS | history), "Who was the first mayor of Port Linden?")[0] == "history"


def test_the_previous_holder_is_not_answered_by_the_only_one_who_is_known(tmp_path: Path) -> None:
    articles = {name: MAYORS[name] for name in ("m2025.md", "mill.md")}
    question = "Who was the previous mayor of Port Linden?"
    assert answer_to(searcher_for(tmp_path / "a", articles), question, rule=ALWAYS, today=TODAY).verdict == "related"
    told = {"m2025.md": ("2025-05-01", "Piet Mulder was the previous mayor of Port Linden.")}
    assert answer_to(searcher_for(tmp_path / "b", told), question, rule=ALWAYS, today=TODAY).verdict == "answer"


def test_what_comes_into_force_later_stands_behind_what_holds_today(tmp_path: Path) -> None:
    fares = {
        "old.md": ("2024-02-01", "The company pays 35 cents a mile for a car. Keep the slips."),
        "new.md": ("2026-10-01", "From 1 January 2027 the company will pay 41 cents a mile for a car. Keep the slips."),
        "baths.md": ("2025-05-01", "The baths open at noon."),
    }
    searcher = searcher_for(tmp_path, fares)
    for question in ("What does the company currently pay a mile?", "What does the company pay a mile for a car?"):
        assert names(searcher, question)[0] == "old"


def test_a_coming_holder_and_one_without_a_date_are_not_counted(tmp_path: Path) -> None:
    others = {
        "m2027.md": ("2026-11-01", "From 1 May 2027 Lena Moor will be mayor of Port Linden. The band played."),
        "undated.md": ("", "Ole Dahl becomes mayor of Port Linden. The band played."),
    }
    question = "Who was the previous mayor of Port Linden?"
    assert names(searcher_for(tmp_path / "a", MAYORS | others), question)[0] == "m2018"
    alone = {"m2025.md": MAYORS["m2025.md"], "undated.md": others["undated.md"]}
    assert answer_to(searcher_for(tmp_path / "b", alone), question, rule=ALWAYS, today=TODAY).verdict == "related"


def test_why_this_passage_tells_that_it_is_the_previous_one(tmp_path: Path) -> None:
    searcher = searcher_for(tmp_path, MAYORS)
    known = Known(searcher.facets, searcher.articles, TODAY, searcher.store.vocabulary)
    question = "Who was the previous mayor of Port Linden?"
    [mention] = [each for each in mentioned(question, known) if each.kind == "newest"]
    hits = searcher.search(Question("Who was the mayor of Port Linden?"), 10)
    told = {
        each.passage.article.id: WAYS["newest"].explained(each.passage, mention, known, lambda: hits) for each in hits
    }
    assert {name for name, fits in told.items() if fits} == {"m2018"}
