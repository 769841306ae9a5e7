"""Notes beside the passages: in JSON, in the chat in each language, and on a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.answering.answer import NOTES
from app.answering.language import chosen, languages
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from index.articles.filters import Filters
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.app.web.chat.test_event import turn
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.web import web_client

PLAIN = "Is lunar soil dry?"
SLIP = "What does lavneder feed in July?"
UNKNOWN = "Which orchestra toured Portugal?"
NOWHERE = {"since": "2024", "folders": ["garden"]}
ENGLISH = {
    "filters_empty": "No article passes the filters: widen them.",
    "keywords_silent": "No word of the question stands in the articles: these passages are near in meaning alone.",
    "vectors_silent": "The script or language of this question is unknown: these passages were found by words alone.",
    "unreadable": "No word of the question stands in the articles, and its script or language is unknown.",
}


class Unread(HashingEncoder):
    """Knows no word of any text."""

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        return [0.0 for _ in texts]


@pytest.fixture(scope="module")
def unread(shared_searcher: Searcher) -> Searcher:
    """The same articles, searched with an encoder that cannot read a question."""
    root = Path(shared_searcher.manifest.folder).with_name("index")
    return Searcher.open(open_location(root).open(), load=Unread)


def said_in_chat(searcher: Searcher, question: str, code: str, filters: dict[str, Any]) -> list[str]:
    """The notes' names, by the lines of an answer in the chat."""
    html = turn(searcher, question, f"?language={code}", filters=filters)["html"]
    return [note for note in NOTES if f'<p class="context">{languages()[code].say(f"note.{note}")}</p>' in html]


@pytest.mark.parametrize(
    ("question", "filters", "unreadable", "notes"),
    [
        (PLAIN, {}, False, []),
        (UNKNOWN, {}, False, ["keywords_silent"]),
        (PLAIN, {}, True, ["vectors_silent"]),
        (UNKNOWN, {}, True, ["unreadable"]),
        (SLIP, {}, False, []),
        (SLIP, {}, True, ["vectors_silent"]),
        (PLAIN, NOWHERE, False, ["filters_empty"]),
        (UNKNOWN, NOWHERE, False, ["filters_empty"]),
        (SLIP, NOWHERE, True, ["filters_empty"]),
        (UNKNOWN, NOWHERE, True, ["filters_empty", "unreadable"]),
    ],
)
def test_a_note_is_in_every_form_of_an_answer_and_no_other_is(
    question: str, filters: dict[str, Any], unreadable: bool, notes: list[str], request: pytest.FixtureRequest
) -> None:
    searcher: Searcher = request.getfixturevalue("unread" if unreadable else "shared_searcher")
    reply = web_client(searcher).post("/api/ask", json={"question": question, "filters": filters}).json()
    assert reply["notes"] == notes
    assert said_in_chat(searcher, question, "en", filters) == notes
    for code in ("zh", "de", "fr", "es"):
        assert said_in_chat(searcher, question, code, filters) == notes
    given = Filters(filters.get("since", ""), folders=tuple(filters.get("folders", ())))
    shown = answer_text(answer_to(searcher, question, filters=given), colour=False).replace("\n", " ")
    assert [note for note in NOTES if ENGLISH[note] in shown] == notes


def test_each_note_is_worded_in_english_as_agreed_and_in_other_languages_otherwise() -> None:
    assert {note: chosen("en").say(f"note.{note}") for note in NOTES} == ENGLISH
    for code in ("zh", "de", "fr", "es"):
        assert [note for note in NOTES if chosen(code).say(f"note.{note}") == ENGLISH[note]] == []


def test_a_note_stands_before_the_passages_on_a_terminal_and_in_the_chat(unread: Searcher) -> None:
    answer = answer_to(unread, PLAIN, rule=ALWAYS)
    assert answer_text(answer, colour=False).startswith(f"{ENGLISH['vectors_silent']}\n\n[1] The Moon")
    html = answer_html(answer, chosen("en"))
    assert html.startswith(f'<section class="answer"><p class="context">{ENGLISH["vectors_silent"]}</p><article')


def test_a_question_that_nothing_can_be_made_of_has_no_passages(unread: Searcher) -> None:
    answer = answer_to(unread, UNKNOWN, rule=ALWAYS)
    assert (answer.answered, answer.citations, answer.closest, answer.notes) == (False, (), (), ("unreadable",))


def test_what_words_of_a_follow_up_stand_in_the_articles_is_told_of_it_as_it_is_understood(
    shared_searcher: Searcher,
) -> None:
    question = "And Portugal?"
    assert answer_to(shared_searcher, question).notes == ("keywords_silent",)
    assert answer_to(shared_searcher, question, earlier=[PLAIN]).notes == ()
    assert answer_to(shared_searcher, question, earlier=[PLAIN], ignore={"history"}).notes == ("keywords_silent",)
    assert answer_to(shared_searcher, question, earlier=[SLIP]).respelled == {"lavneder": "Lavender"}


def test_a_word_read_as_another_is_told_and_can_be_read_as_it_is_spelt(shared_searcher: Searcher) -> None:
    near, literal = (answer_to(shared_searcher, "And bazalt?", ignore=ignore) for ignore in ((), {"spelling"}))
    assert (near.respelled, near.notes) == ({"bazalt": "basalt"}, ())
    assert (literal.respelled, literal.notes) == ({}, ("keywords_silent",))
    assert answer_to(shared_searcher, SLIP).to_json()["respelled"] == {"lavneder": "Lavender"}


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Minutes of a board for eight weeks, alike but for a number, and a name that one of them holds."""
    base = tmp_path_factory.mktemp("minutes")
    text = '---\ntitle: "Port board"\npublished: "2024-09-{:02}"\n---\nThe board met at noon. It bought {:,} buoys.\n'
    articles = {f"{day:02}.md": text.format(day, 1000 * day) for day in range(2, 30, 3)}
    build(write_articles(base / "articles", articles), base / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(base / "index")


def test_the_article_of_the_day_comes_first_then_those_near_in_time(minutes: Searcher) -> None:
    found = answer_to(minutes, "What did the board buy on 14 September 2024?")
    assert found.question == "What did the board buy on 14 September 2024?"
    first, *others = (citation.article for citation in found.citations or found.closest)
    assert (first, set(others[:2])) == ("14", {"11", "17"})
    assert found.absent == ()


def test_the_day_of_the_question_before_is_meant_by_a_follow_up_without_any(minutes: Searcher) -> None:
    found = answer_to(minutes, "When did they meet?", earlier=["What did the board buy on 23 September 2024?"])
    assert (found.citations or found.closest)[0].article == "23"
    assert found.history_used == ("What did the board buy on 23 September 2024?",)


def test_a_number_that_is_asked_for_is_among_the_first_five_or_named_as_absent(minutes: Searcher) -> None:
    present, absent = (answer_to(minutes, f"When did the board buy {number} buoys?") for number in ("23000", "2.69"))
    assert "23" in [citation.article for citation in present.citations or present.closest]
    assert (present.absent, absent.absent) == ((), ("2.69",))


@pytest.mark.parametrize(
    ("question", "absent"), [("Did the board buy 2.69 buoys?", ("2.69",)), ("OK, did the board buy buoys?", ())]
)
def test_passages_that_lack_a_number_or_name_of_the_question_are_at_most_related(
    question: str, absent: tuple[str, ...], minutes: Searcher
) -> None:
    found = answer_to(minutes, question, rule=ALWAYS)
    assert (found.absent, found.verdict) == (absent, "related" if absent else "answer")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A collection of which three articles hold the same text."""
    base = tmp_path_factory.mktemp("copies")
    text = '---\ntitle: "{}"\n---\nThe harbour was dredged in March.\n'
    articles = {f"{name}.md": text.format(name.upper()) for name in ("a", "b & c", "d")}
    write_articles(base / "articles", {**articles, "bees.md": "Ivy feeds bees in October."})
    build(base / "articles", base / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(base / "index")


def test_a_text_in_several_articles_is_cited_once_and_the_others_are_named(copies: Searcher) -> None:
    question = "When was the harbour dredged?"
    reply = web_client(copies, PATH="/ask").post("/api/ask", json={"question": question}).json()
    assert [(c["article"], [link["article"] for link in c["also_in"]]) for c in reply["citations"]] == [
        ("a", ["d", "b & c"]),
        ("bees", []),
    ]
    assert reply["citations"][0]["also_in"] == [
        {"article": "d", "title": "D", "link": "/ask/articles/d"},
        {"article": "b & c", "title": "B & C", "link": "/ask/articles/b%20%26%20c"},
    ]
    html = turn(copies, question, variables={"PATH": "/ask"})["html"]
    assert (
        '<p class="also">also in: <a href="/ask/articles/d" target="_blank"><bdi>D</bdi></a>, '
        '<a href="/ask/articles/b%20%26%20c" target="_blank"><bdi>B &amp; C</bdi></a></p>'
    ) in html
    lines = answer_text(answer_to(copies, question), colour=False).splitlines()
    assert [line for line in lines if "also in" in line] == ["    also in: D; B & C"]


def test_the_answer_object_has_scores_and_no_share_of_certainty(shared_searcher: Searcher) -> None:
    for question in (PLAIN, UNKNOWN):
        response = web_client(shared_searcher).post("/api/ask", json={"question": question})
        assert not {"support", "confidence", "probability"} & set(response.json())
        assert "%" not in response.text
        cited = [*response.json()["citations"], *response.json()["closest"]]
        assert {"signals", "confidence", "support"} & set(cited[0]) == set()
        assert all(0 <= citation["score"] <= 1 for citation in cited)
