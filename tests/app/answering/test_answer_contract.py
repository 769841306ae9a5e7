"""Contract of answers: a question of each way has the same answer on every kind of store."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.reply import Wishes, answer_of
from app.answering.ways.all import WAYS, mentioned
from index.stores.address import open_location
from tests.hashing import searcher_of
from tests.postgres import Server

TODAY = date(2025, 12, 5)
MAIL = "We met on Friday to plan the party in the yard. " * 6 + "What does a permit for the staff car park cost?"
QUESTIONS = {
    "phrase": '"no film on linoleum"',
    "phrase that is a title": "“Garden waste” in winter",
    "exclusion": "floor cleaner -chlorine",
    "exclusion in Chinese": "洗手液 -酒精",
    "demotion": "paint for walls without solvents",
    "newest": "How many days a week can I work from home now?",
    "oldest in Chinese": "员工食堂最初几点开门？",
    "as of": "As of 2022, who is chair of the staff council?",
    "bare year": "How many days a week could staff work from home in 2022?",
    "acronym": "On which days is the Office of Spatial Planning open to visitors?",
    "synonym": "printer beside the elevator",
    "date": "visitors of the town baths, 30.11.2024",
    "date in Chinese": "二〇二五年四月园林处种了多少棵树？",
    "quarter": "How many visitors did the town baths have in Q4 2024?",
    "number": "how many visitors: 8'140",
    "number in Chinese": "18元的盒饭",
    "given number": "What was 1,870 euros?",
    "period": "How many visitors did the town baths have last month?",
    "news": "news of last month",
    "event": "What happened on 30 September 2024?",
    "publisher": "according to the Environment Team, how many trees were numbered?",
    "count": "How many articles mention the staff council?",
    "count in Chinese": "有多少篇文章提到盒饭？",
    "list with a phrase": 'list articles about "town archive"',
    "list within dates": "articles since 2025-11",
    "list by publisher": "list all articles by the Canteen",
    "newest article": "What is the newest article about passwords?",
    "topics": "What topics are there?",
    "definition": "What is Brillox?",
    "comparison": "Compare Brillox and Softal",
    "pasted": MAIL,
    "why": "Why do passwords no longer expire?",
    "spelling": "How many characters does a pasword have?",
}


@pytest.fixture(scope="module")
def expected(ways_root: Path) -> Collection:
    return Collection.of(searcher_of(ways_root))


@pytest.fixture(scope="module")
def held(expected: Collection, postgres: Server) -> Collection:
    """The same collection in a database."""
    store, where = expected.searcher.store, open_location(postgres.database())
    where.replace(store.encoded(), store.manifest)
    return Collection.of(searcher_of(where))


def answered(collection: Collection, question: str, *earlier: str) -> Answer:
    return answer_of(collection, question_after(question, earlier), wishes=Wishes(today=TODAY))


def same(own: Answer, other: Answer) -> None:
    for name in ("preferences", "verdict", "notes", "listing", "respelled", "absent", "history_used", "next"):
        assert getattr(own, name) == getattr(other, name), name
    for own_cited, cited in zip(own.citations or own.closest, other.citations or other.closest, strict=True):
        for name in ("article", "start", "end", "highlight", "newer", "superseded_by", "expired"):
            assert getattr(own_cited, name) == getattr(cited, name), name
        break


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_is_the_same_on_both_stores(name: str, held: Collection, expected: Collection) -> None:
    same(answered(held, QUESTIONS[name]), answered(expected, QUESTIONS[name]))


def test_a_follow_up_and_the_next_page_of_a_list_are_the_same(held: Collection, expected: Collection) -> None:
    for asked in (
        ("And originally?", "What does a permit for the staff car park cost?"),
        ("more", "list all articles"),
    ):
        same(answered(held, *asked), answered(expected, *asked))


def test_every_way_is_asked(expected: Collection) -> None:
    known = expected.known(TODAY)
    kinds = {mention.kind for question in QUESTIONS.values() for mention in mentioned(question, known)}
    assert kinds | {"pasted"} == WAYS.keys()


@pytest.mark.parametrize("typed", ["shared perm", "pasword", "食堂", "the"])
def test_suggestions_are_the_same(typed: str, held: Collection, expected: Collection) -> None:
    assert expected.suggested(typed)
    assert held.suggested(typed) == expected.suggested(typed)


@pytest.mark.parametrize("name", ["newest", "as of", "acronym", "date", "demotion", "phrase"])
def test_a_passage_fits_alike(name: str, held: Collection, expected: Collection) -> None:
    cited = answered(expected, QUESTIONS[name])
    for citation in cited.citations or cited.closest:
        place = citation.article, citation.start, citation.end
        own, other = (
            collection.explain(question_after(QUESTIONS[name], ()), *place, today=TODAY)[1]
            for collection in (held, expected)
        )
        assert own == other != ()
