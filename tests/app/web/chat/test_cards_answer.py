"""The words that answer, as card, terminal and article page set them off: never a character more or less."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.collection import Collection
from app.answering.decision import Rule, Verdict
from app.answering.reply import answer_of
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from app.web.marking import marked
from index.articles.article import Place
from index.passages.sentences import Span
from index.search.models import Models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.app.web.chat.test_cards import CITATION, ENGLISH, Parsed, answer
from tests.readers import Looking
from tests.web import web_client

QUESTION = "How much of the Moon's surface do the dark seas cover?"
ALWAYS = Rule(bias=50, sentence=0, coverage=0, missing=0)


@pytest.mark.parametrize(
    ("spans", "html"),
    [
        ([(8, 11)], "<mark>Soil is <strong>dry</strong>.</mark> It is."),
        ([(0, 4), (8, 11)], "<mark><strong>Soil</strong> is <strong>dry</strong>.</mark> It is."),
        ([(8, 15)], "<mark>Soil is <strong>dry.</strong></mark> It is."),
        ([(14, 16)], "<mark>Soil is dry.</mark> It is."),
        ([], "<mark>Soil is dry.</mark> It is."),
    ],
)
def test_words_within_the_sentence_are_strong(spans: list[Span], html: str) -> None:
    assert marked("Soil is dry. It is.", ((0, 12),), spans) == html


@given(st.text(), st.integers(0, 50), st.integers(0, 50), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_marking_never_changes_a_visible_character(quote: str, start: int, length: int, spans: list[Span]) -> None:
    start = min(start, len(quote))
    html = str(marked(quote, ((start, min(len(quote), start + length)),), sorted(spans)))

    assert Parsed(html.replace("<br>", "\n")).text == quote
    assert set(Parsed(html).tags) <= {"mark", "strong", "br"}


DRY = replace(CITATION, answer=((8, 11),))
LONG = "Soil is dry. " + "Much more is said about it here. " * 5


def test_a_card_leads_with_the_sentence_that_answers_and_folds_what_stands_around_it() -> None:
    html = answer_html(answer(replace(DRY, quote=LONG)), ENGLISH)

    assert '<div class="lead">Soil is <strong>dry</strong>.</div><h3 class="source">' in html
    whole = f"<blockquote><p>{marked(LONG, ((0, 12),), ((8, 11),))}</p></blockquote></details>"
    assert f'<details class="around"><summary>Context</summary>{whole}' in html


def test_a_sentence_with_little_around_it_has_no_fold_and_one_without_an_answer_leads_as_well() -> None:
    assert 'class="around"' not in answer_html(answer(DRY), ENGLISH)
    assert '<div class="lead">Soil is dry.</div>' in answer_html(answer(replace(DRY, quote=LONG, answer=())), ENGLISH)


@pytest.mark.parametrize("verdict", ["related", "none"])
def test_the_nearest_passages_are_not_led_by_a_sentence(verdict: Verdict) -> None:
    nearest = replace(answer(), verdict=verdict, closest=(replace(DRY, quote=LONG),))

    assert 'class="lead"' not in answer_html(nearest, ENGLISH)


def test_the_terminal_sets_them_off_with_and_without_colours() -> None:
    whole = replace(CITATION, quote="Dry. It is.", highlight=((0, 4),), answer=((0, 3),))

    assert "»**Dry**.« It is." in answer_text(answer(whole), colour=False)
    assert "\x1b[1m\x1b[4mDry\x1b[24m.\x1b[0m It is." in answer_text(answer(whole), colour=True)


def test_the_api_gives_their_spans_and_the_article_page_shows_them(shared_searcher: Searcher) -> None:
    searcher = shared_searcher.with_models(Models(reader=Looking("16 percent")))
    citation = answer_of(Collection.of(searcher, ALWAYS), Question(QUESTION)).to_json()["citations"][0]
    ((start, end),) = citation["answer"]
    page = web_client(shared_searcher).get(citation["link"]).text

    assert citation["quote"][start:end] == "16 percent"
    assert "<mark>They cover <strong>16 percent</strong> of its surface.</mark>" in page


def test_passages_that_may_not_answer_have_no_words_set_off(shared_searcher: Searcher) -> None:
    never = Rule(bias=-50, sentence=0, coverage=0, missing=0)
    searcher = shared_searcher.with_models(Models(reader=Looking("16 percent")))
    found = answer_of(Collection.of(searcher, never), Question(QUESTION))

    assert found.closest
    assert {citation.answer for citation in found.closest} == {()}


@pytest.mark.parametrize("spans", ["x", "1-2-3", "5-4", "0-99999", ".", "9" * 400, "0-4." * 50])
def test_a_link_that_anybody_wrote_opens_the_page(spans: str, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).get(f"/articles/moon?start=0&end=82&mark=24-82&answer={spans}")

    assert response.status_code == 200


def test_health_tells_a_reader_that_is_off_from_one_that_failed(shared_searcher: Searcher) -> None:
    reading = shared_searcher.with_models(Models(reader=Looking("dry")))

    assert web_client(reading).get("/healthz").json()["reader"] == "on"
    assert web_client(shared_searcher, READER="none").get("/healthz").json()["reader"] == "off"
    assert web_client(shared_searcher).get("/healthz").json()["reader"] == "failed"


def test_a_quote_that_a_program_has_read_from_a_picture_says_so() -> None:
    found = answer(replace(CITATION, page=2, place=Place("page", 2), recognised=True))
    said = "page 2, recognised from a picture"
    assert f"The Moon 2024-06-25 · {said}" in Parsed(answer_html(found, ENGLISH)).text
    assert f"The Moon, Night Sky Notes, 2024-06-25, {said}" in answer_text(found, ENGLISH, colour=False)


def test_a_card_says_on_which_day_a_page_was_fetched_or_a_file_last_committed() -> None:
    fetched = Parsed(answer_html(answer(replace(CITATION, fetched="2026-01-02")), ENGLISH)).text
    assert "Soil is dry.The Moon 2024-06-25As fetched on January 2, 2026Why this passage?" in fetched
    committed = Parsed(answer_html(answer(replace(CITATION, published="", changed="2025-03-01")), ENGLISH)).text
    assert "The Moon last changed 2025-03-01 (git)" in committed
