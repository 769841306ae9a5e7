"""Groups: nothing that is read from a question or shown beside an answer knows of articles that are hidden."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.reply import Wishes, answer_of
from index.stores.address import open_location
from tests.access import built
from tests.hashing import searcher_of
from tests.postgres import Server

TODAY = date(2025, 12, 5)
STAFF = frozenset({"staff"})


def _article(text: str, **fields: str) -> str:
    front = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{front}---\n{text}\n"


OPEN = {
    "open/ferry.md": _article(
        "## Fares\n\nThe ferry to Gull Island costs 6 crowns.",
        title="The ferry",
        publisher="Harbour News",
        published="2023-05-02",
        groups="everyone",
    ),
    "open/pier.md": _article(
        "The HSB looks at the pier twice a year. A lorry may not pass.",
        title="The pier",
        publisher="Harbour News",
        published="2024-03-04",
        groups="everyone",
    ),
    "open/baths.md": _article(
        "The baths open at six. Half of all visitors are children.",
        title="The baths",
        publisher="Town Letter",
        published="2024-06-07",
        groups="everyone",
    ),
}
# It defines an acronym, has a title, a heading, words, a publisher, a folder and a date that no other article has, and
# states a newer figure than an open article, which it supersedes.
HIDDEN = {
    "secret/plan.md": _article(
        "## Merger with Port Linden\n\nThe ferry to Gull Island costs 9 crowns. The Harbour Safety Board (HSB) moves."
        "\n\nA juggernaut stands at the gate, where the flamingo sleeps.",
        title="Plan of the quarkonium club",
        publisher="Zanzibar Office",
        published="2025-11-20",
        groups="chiefs",
        supersedes="open/ferry",
    )
}
SYNONYMS = {".synonyms": "lorry, truck\nhauler = juggernaut\n"}
QUESTIONS = [
    "What does the HSB look at?",
    "What does the Harbour Safety Board look at?",
    "Where is a hauler?",
    "May a truck pass?",
    "What does the ferry to Gull Island cost?",
    "What does the ferry to Gull Island cost now?",
    "As of 2024, what does the ferry to Gull Island cost?",
    "“Plan of the quarkonium club”",
    '"the flamingo sleeps"',
    "ferry -juggernaut",
    "ferry in November 2025",
    "ferry last month",
    "news of last month",
    "according to the Zanzibar Office, what does the ferry cost?",
    "What is a juggernaut?",
    "Compare the ferry and the flamingo",
    "Why does the flamingo sleep at the gate?",
    "Where is the flamigo?",
    "How many articles mention the ferry?",
    "How many articles mention the flamingo?",
    "list all articles",
    "list all articles by the Zanzibar Office",
    "What is the newest article?",
    "articles since 2025",
    "What topics are there?",
    "What can you do?",
]
TYPED = ["plan", "merger", "quarkonium", "quarkonum", "ferry", "port linden", "fares"]


@pytest.fixture(scope="module", params=["builds", pytest.param("database", marks=pytest.mark.slow)])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """The collection with its hidden article, in each kind of store."""
    root = built(tmp_path_factory.mktemp("whole"), {**OPEN, **HIDDEN, **SYNONYMS})
    if request.param == "builds":
        return Collection.of(searcher_of(root))
    server: Server = request.getfixturevalue("postgres")
    database, store = open_location(server.database()), open_location(root).open()
    database.replace(store.encoded(), store.manifest)
    return Collection.of(searcher_of(database))


@pytest.fixture(scope="module")
def reduced(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """The collection as if the hidden article had never been."""
    return Collection.of(searcher_of(built(tmp_path_factory.mktemp("reduced"), {**OPEN, **SYNONYMS})))


def answered(collection: Collection, question: str) -> Answer:
    return answer_of(collection, question_after(question, ()), wishes=Wishes(today=TODAY))


def told(answer: Answer) -> dict[str, Any]:
    """All that is told, without figures that need not be equal to the last digit."""
    fields = dataclasses.asdict(answer)
    cited = ({**each, "score": 0} for each in fields["citations"] + fields["closest"])
    return {**fields, "citations": sorted(cited, key=str), "closest": [], "build": "", "support": 0}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_as_if_what_is_hidden_were_not_there(
    question: str, whole: Collection, reduced: Collection
) -> None:
    own, other = answered(whole.seen_by(STAFF), question), answered(reduced, question)
    assert told(own) == told(other)


@pytest.mark.parametrize("typed", TYPED)
def test_suggestions_are_as_if_what_is_hidden_were_not_there(
    typed: str, whole: Collection, reduced: Collection
) -> None:
    assert whole.seen_by(STAFF).suggested(typed) == reduced.suggested(typed)


def test_who_may_see_the_article_meets_it_in_each_of_these(whole: Collection) -> None:
    chiefs, staff = whole.seen_by(frozenset({"chiefs"})), whole.seen_by(STAFF)
    seen = {question for question in QUESTIONS if told(answered(chiefs, question)) != told(answered(staff, question))}
    assert seen >= set(QUESTIONS) - {"May a truck pass?", "What can you do?"}
    suggested = {typed for typed in TYPED if chiefs.suggested(typed) != staff.suggested(typed)}
    assert suggested == {"plan", "merger", "quarkonium", "quarkonum", "port linden"}


@pytest.mark.parametrize(("group", "fits"), [("chiefs", False), ("staff", True)])
def test_why_a_passage_was_found_knows_nothing_of_newer_ones_that_are_hidden(
    group: str, fits: bool, whole: Collection
) -> None:
    question = question_after("What does the ferry to Gull Island cost now?", ())
    ferry = next(encoded for encoded in whole.searcher.store.encoded() if encoded.article.id == "open/ferry")
    start, end = ferry.chunks[-1].span
    found = whole.seen_by(frozenset({group})).explain(question, "open/ferry", start, end, today=TODAY)[1]
    assert [(mention.kind, fitting) for mention, fitting in found] == [("newest", fits)]
