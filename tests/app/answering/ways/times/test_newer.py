"""Notes on newer articles: shown where a later article states another value for the same, and nowhere else."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.language import chosen
from app.answering.reply import Wishes, answer_of
from app.answering.ways.times.newer import Newer
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS, NEVER
from tests.app.answering.ways.times.test_newest import searcher_for

TODAY = date(2026, 11, 29)
OTHERS = {
    "storks.md": ("2025-08-01", "Storks nest on the mill. Nobody may climb the roof while they breed."),
    "fair.md": ("2025-08-02", "A fair is held in summer. The band plays at the lighthouse, and boats race."),
}
BUDGET = "What is the town budget?"
BUDGETS = {
    "b2022.md": ("2022-12-01", "The town budget is 88 million crowns. Half of it goes to schools."),
    "b2023.md": ("2023-12-01", "The town budget is 91 million crowns. Half of it goes to schools."),
    "b2024.md": ("2024-12-01", "The town budget is 97 million <b>crowns</b>. Half of it goes to schools."),
}


def newer(searcher: Searcher, question: str) -> dict[str, str]:
    """The article of the note on each cited article that has one."""
    answer = answer_to(searcher, question, rule=ALWAYS, today=TODAY)
    return {each.article: each.newer.article for each in answer.citations if each.newer}


@pytest.fixture(scope="module")
def budgets(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_for(tmp_path_factory.mktemp("newer"), BUDGETS | OTHERS)


def test_a_figure_that_a_later_article_gives_otherwise_has_a_note_on_the_newest(budgets: Searcher) -> None:
    assert newer(budgets, BUDGET) == {"b2022": "b2024", "b2023": "b2024"}
    cited = {each.article: each for each in answer_to(budgets, BUDGET, rule=ALWAYS, today=TODAY).citations}
    note = cited["b2022"].newer
    assert note is not None
    assert note.link.startswith("/articles/b2024?start=0&end=")
    sentence = "The town budget is 97 million <b>crowns</b>."
    assert note == Newer("b2024", "News", "2024-12-01", sentence, note.link)


def test_passages_that_do_not_answer_have_no_note(budgets: Searcher) -> None:
    answer = answer_to(budgets, BUDGET, rule=NEVER, today=TODAY)
    assert [each.newer for each in answer.closest] == [None] * 5


@pytest.mark.parametrize(
    ("code", "said"), [("en", "A newer article of December 1, 2024 says:"), ("zh", "较新的文章（2024年12月1日）说：")]
)
def test_a_note_is_in_every_form_of_an_answer(code: str, said: str, budgets: Searcher) -> None:
    answer, language = answer_to(budgets, BUDGET, rule=ALWAYS, today=TODAY), chosen(code)
    html = answer_html(answer, language)
    assert said in html
    assert "97 million &lt;b&gt;crowns&lt;/b&gt;" in html
    assert said in answer_text(answer, language, colour=False)
    notes = [citation["newer"] for citation in answer.to_json()["citations"]]
    assert sorted(note["article"] for note in notes if note) == ["b2024", "b2024"]


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        (
            "Who is the mayor of Port Linden?",
            "Anna Reed is mayor of Port Linden.",
            "Ivan Cole is mayor of Port Linden.",
        ),
        (
            "How many people live in Port Linden?",
            "4,200 people live in Linden.",
            "4,100 people live in Linden.",
        ),
        ("What does the ferry cost?", "The ferry costs 6 crowns.", "The ferry costs 9 crowns, up from 6."),
        ("轮渡票价是多少？", "轮渡票价是6元。", "轮渡票价是9元。"),
    ],
)
def test_another_value_for_the_same_is_noted(question: str, old: str, new: str, tmp_path: Path) -> None:
    searcher = searcher_for(tmp_path, {"old.md": ("2022-01", old), "new.md": ("2024-01", new)} | OTHERS)
    assert newer(searcher, question) == {"old": "new"}


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        ("What does the ferry cost?", "The ferry costs 6 crowns.", "The ferry costs 6 crowns, and dogs are free."),
        (
            "What is the budget of the town?",
            "The budget of the town is 8 million.",
            "The budget of Linden is 9.",
        ),
        ("How many storks are there?", "In 2021 there are 8 storks.", "In 2023 there are 9 storks."),
        ("How many boats race?", "Linden sends 8 boats to the race.", "Gull Island sends 9 boats to the race."),
        ("How long is the pier?", "The pier is 80 metres long.", "The pier took 9 years to build."),
        ("What does the mayor do?", "The mayor opens the fair.", "The mayor opens the fair and the market."),
        ("Who leads the museum?", "Hugo Brandt leads the museum.", "Mr. Hugo Brandt leads the museum well."),
    ],
)
def test_the_same_value_or_one_of_something_else_is_not_noted(
    question: str, old: str, new: str, tmp_path: Path
) -> None:
    searcher = searcher_for(tmp_path, {"old.md": ("2022-01", old), "new.md": ("2024-01", new)} | OTHERS)
    assert newer(searcher, question) == {}


def test_an_article_that_may_not_be_seen_neither_notes_nor_supersedes(tmp_path: Path) -> None:
    fields = {"b2022.md": "groups: everyone", "b2024.md": "groups: board\nsupersedes: b2022"}
    searcher = searcher_for(tmp_path, {name: BUDGETS[name] for name in fields} | OTHERS, fields)
    collection = Collection.of(searcher, ALWAYS)
    told = {}
    for group in ("board", "staff"):
        seen = collection.seen_by(frozenset({group}))
        answer = answer_of(seen, question_after(BUDGET, (), ()), wishes=Wishes(today=TODAY))
        cited = next(each for each in answer.citations if each.article == "b2022")
        told[group] = cited.newer is not None, [link.article for link in cited.superseded_by]
    assert told == {"board": (True, ["b2024"]), "staff": (False, [])}


def test_why_an_article_is_out_of_date_is_on_its_card(tmp_path: Path) -> None:
    fields = {"b2022.md": "valid_until: 2023-11-30", "b2023.md": "supersedes: b2022"}
    answer = answer_to(searcher_for(tmp_path, BUDGETS, fields), BUDGET, rule=ALWAYS, today=TODAY)
    html, text = answer_html(answer, chosen("en")), answer_text(answer, colour=False)
    for said in ("superseded by: ", "valid until November 30, 2023"):
        assert said in html
        assert said in text
    assert "有效期至2023年11月30日" in answer_html(answer, chosen("zh"))
