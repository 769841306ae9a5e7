"""Next questions: headings and titles as they stand, close to what is cited."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.answering.collection import Collection
from app.answering.decision import DEFAULT
from app.answering.language import chosen
from app.answering.reply import Wishes, answer_of
from app.answering.sections import Section
from app.answering.suggestions.next_questions import next_questions
from app.terminal import answer_text
from index.passages.chunking import Passage
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of

TEA = """---
title: Tea
---
## Leaves

Tea leaves are green.

## Harvest

Tea is picked in April.

## Water and  time

Tea draws for 3 minutes.

## Cups

A cup of tea holds 150 ml.
"""
PLANTS = {
    "plants/tea.md": TEA,
    "plants/rice.md": "---\ntitle: Rice\n---\nRice grows in water.\n",
    "plants/oats.md": "---\ntitle: Oats\n---\nOats are sown in March.\n",
    "stones.md": "---\ntitle: Stones\n---\nGranite is hard.\n",
}


@pytest.fixture(scope="module")
def plants(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(built(tmp_path_factory.mktemp("plants"), PLANTS))


def passage(searcher: Searcher, text: str) -> Passage:
    """The passage of the tea article that is this text."""
    article = searcher.articles.by_id("plants/tea")
    assert article is not None
    return Passage(article, start := article.text.index(text), start + len(text))


def following(searcher: Searcher, question: str, *asked: str, section: Section | None = None) -> tuple[str, ...]:
    """The next questions after an answer that cites the best passage alone."""
    [hit] = searcher.search(Question(question), 1)
    return next_questions([hit.passage], [question, *asked], searcher.articles, section)


def test_other_headings_of_a_cited_article_come_the_nearest_first(plants: Searcher) -> None:
    picked, holds = passage(plants, "Tea is picked in April."), passage(plants, "A cup of tea holds 150 ml.")
    assert next_questions([picked], [], plants.articles) == ("Water and time", "Leaves", "Cups")
    assert next_questions([holds], [], plants.articles) == ("Water and time", "Harvest", "Leaves")
    assert next_questions([picked], ["leaves?"], plants.articles) == ("Water and time", "Cups", "Rice")
    assert next_questions([picked, holds], [], plants.articles) == ("Water and time", "Leaves", "Rice")


def test_one_of_three_headings_is_from_another_cited_article(shared_searcher: Searcher, plants: Searcher) -> None:
    moon = shared_searcher.articles.by_id("moon")
    assert moon is not None
    cited = [passage(plants, "Tea is picked in April."), Passage(moon, 5, 23)]
    assert next_questions(cited, [], plants.articles) == ("Water and time", "Leaves", "Seas")


def test_an_article_without_headings_leads_to_its_neighbours_in_the_folder(plants: Searcher) -> None:
    assert following(plants, "Where does rice grow?") == ("Tea", "Oats")
    assert following(plants, "When are oats sown?") == ("Rice", "Tea")
    assert following(plants, "When are oats sown?", "tea?") == ("Rice",)
    assert following(plants, "Is granite hard?") == ()


def test_titles_of_the_page_s_section_are_preferred_to_those_of_the_folder(plants: Searcher) -> None:
    section = Section("dry", frozenset(["stones", "plants/oats"]))
    assert following(plants, "When are oats sown?", section=section) == ("Stones",)


def test_without_a_citation_there_is_none(plants: Searcher) -> None:
    assert next_questions([], ["Who?"], plants.articles) == ()


def test_an_answer_has_them_and_a_refusal_or_a_greeting_has_none(shared_searcher: Searcher) -> None:
    collection = Collection.of(shared_searcher)
    answer = answer_of(collection, Question("Is lunar soil dry?"), 1)
    assert (answer.verdict, answer.next) == ("answer", ("Seas",))
    assert answer_of(collection, Question("Is lunar soil dry?"), 1, Wishes(suggest=False)).next == ()
    strict = Collection.of(shared_searcher, replace(DEFAULT, bias=-99.0))
    refused = answer_of(strict, Question("Is lunar soil dry?"), 1)
    assert (refused.verdict, len(refused.closest), refused.next) == ("none", 1, ())
    assert answer_of(collection, Question("Hello!")).next == ()


def test_a_terminal_shows_them_on_one_line(shared_searcher: Searcher) -> None:
    answer = answer_of(Collection.of(shared_searcher), Question("Is lunar soil dry?"), 1)
    assert answer_text(answer, colour=False).endswith("\n\nAsk next: Seas")
    assert answer_text(answer, chosen("zh"), colour=False).endswith("\n\n接着问: Seas")


def test_a_hidden_article_gives_none(tmp_path: Path) -> None:
    collection = Collection.of(searcher_of(built(tmp_path, {**OPEN, **HIDDEN, "open/z.md": HIDDEN["hr/pay.md"]})))
    question = Question("Is lunar soil dry?")
    assert "Pay of the staff" in answer_of(collection.seen_by(frozenset(["hr"])), question, 1).next
    assert "Pay of the staff" not in answer_of(collection.seen_by(frozenset(["sales"])), question, 1).next
