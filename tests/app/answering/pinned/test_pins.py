"""Pinned passages: first, verbatim, checked, for those who may see them, on both kinds of store."""

import logging
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.language import languages
from app.answering.pinned.leading import log_lost_pins, lost_pins
from app.answering.pinned.pins import PINS, BadPins, Pin, Pins, parsed_pins, question_key, read_pins, write_pins
from app.answering.reply import Wishes, answer_of
from app.serving.live import Live
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from app.web.chat.transcript import markdown
from index.articles.filters import EVERYTHING, Filters
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.location import Location
from tests.access import HIDDEN, OPEN, built
from tests.app.serving.test_live import until
from tests.hashing import HashingEncoder, searcher_of
from tests.stores import place

__all__ = ["place"]  # a fixture

SEAS = "The dark seas of the Moon are basalt plains. They cover 16 percent of its surface."
PIN = Pin(
    ("Where do bees sleep?", "How many articles are there?"), "moon", SEAS, "They cover 16 percent of its surface."
)


def ask(searcher: Searcher, text: str, *pins: Pin, filters: Filters = EVERYTHING) -> Answer:
    return answer_of(Collection.of(searcher, pins=Pins.of(pins)), question_after(text, []), 5, Wishes(filters=filters))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where do bees sleep?", "where do the bees  sleep", True),
        ("Where does the bee sleep?", "Where does a bee sleep?", True),
        ("Who chairs the Fund?", "When does the fund chair?", False),
        ("Is it allowed?", "Is it not allowed?", False),
        ("Who was the chair?", "Who is the chair?", False),
        ("Does A own B?", "Does B own A?", False),
        ("研发经费投入强度是多少？", "研发经费投入强度是多少", True),
    ],
)
def test_a_rewording_has_another_case_punctuation_or_article_and_no_other_word(
    one: str, other: str, same: bool
) -> None:
    assert (question_key(one) == question_key(other)) is same


def test_a_pinned_passage_comes_first_and_alone_where_the_articles_do_not_answer(shared_searcher: Searcher) -> None:
    assert ask(shared_searcher, "Where do bees sleep?").verdict != "answer"
    answer = ask(shared_searcher, "where do BEES sleep", PIN)
    assert (answer.verdict, answer.closest, answer.absent) == ("answer", (), ())
    [citation] = answer.citations
    text = shared_searcher.articles.by_id("moon")
    assert text is not None
    assert citation.quote == text.text[citation.start : citation.end] == SEAS
    assert [citation.quote[start:end] for start, end in citation.highlight] == [PIN.sentence]
    assert (citation.number, citation.pinned, citation.receipt) == (1, True, "verified")


def test_other_answers_follow_and_no_passage_is_shown_twice(shared_searcher: Searcher) -> None:
    question = "How many grams of lunar soil did a probe bring to Earth?"
    before = ask(shared_searcher, question)
    bees = Pin((question,), "garden/bees", "A honey bee visits about 2,000 flowers a day.")
    answer = ask(shared_searcher, question, bees, Pin((question,), "moon", before.citations[0].quote))
    assert [(each.article, each.pinned) for each in answer.citations[:2]] == [("garden/bees", True), ("moon", True)]
    spans = [(each.article, each.start) for each in answer.citations]
    assert len(spans) == len(set(spans))
    assert [each.pinned for each in answer.citations[2:]] == [False] * (len(answer.citations) - 2)


def test_a_pin_answers_a_question_about_the_collection_and_heeds_filters(shared_searcher: Searcher) -> None:
    assert ask(shared_searcher, "How many articles are there?", PIN).citations[0].quote == SEAS
    filtered = ask(shared_searcher, "Where do bees sleep?", PIN, filters=Filters(folders=("garden",)))
    assert "moon" not in [each.article for each in (*filtered.citations, *filtered.closest)]


def test_the_mark_stands_in_chat_terminal_and_transcript_in_every_language(shared_searcher: Searcher) -> None:
    answer, plain = ask(shared_searcher, "Where do bees sleep?", PIN), ask(shared_searcher, "Is lunar soil dry?")
    marks = {code: language.say("answer.pinned") for code, language in languages().items()}
    assert len(set(marks.values())) == 5
    for code, language in languages().items():
        shown = (answer_html(answer, language), answer_text(answer, language, colour=False), markdown(answer, language))
        assert [marks[code] in text for text in shown] == [True, True, True]
        assert marks[code] not in answer_html(plain, language)
    assert answer.to_json()["citations"][0]["pinned"] is True


def test_a_passage_that_no_longer_exists_is_not_shown_and_the_log_says_so(
    folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Pin(PIN.questions, "moon", "A sentence that was taken out.")
    searcher = searcher_of(root)
    assert ask(searcher, "Where do bees sleep?", gone).verdict != "answer"
    collection = Collection.of(searcher, pins=Pins.of([PIN, gone]))
    with caplog.at_level(logging.WARNING):
        log_lost_pins(collection.pins, collection.searcher.articles, collection.freshness)
    [told] = [record.getMessage() for record in caplog.records]
    assert told == "the passage pinned from article 'moon' no longer exists. Choose another one on /owner"
    (folder / "moon.md").write_text("Cheese.", "utf-8")
    assert lost_pins(collection.pins, collection.searcher.articles, collection.freshness) == [PIN, gone]
    assert ask(searcher, "Where do bees sleep?", PIN).citations == ()


def test_a_pin_shows_nobody_an_article_that_is_hidden_from_him(tmp_path: Path) -> None:
    pay = Pin(("What is the moon made of?",), "hr/pay", "Salaries in Zanzibar rise by 3.5 percent in May.")
    collection = Collection.of(searcher_of(built(tmp_path, {**OPEN, **HIDDEN})), pins=Pins.of([pay]))
    shown = {}
    for group in ("hr", "legal"):
        answer = answer_of(collection.seen_by(frozenset([group])), question_after("What is the Moon made of?", []))
        shown[group] = [each.article for each in answer.citations if each.pinned], "Zanzibar" in str(answer.to_json())
    assert shown == {"hr": (["hr/pay"], True), "legal": ([], False)}


def test_both_stores_keep_pins_and_a_server_follows_them(place: Location, shared_searcher: Searcher) -> None:
    place.replace(shared_searcher.store.encoded(), shared_searcher.manifest)
    live = Live(place, HashingEncoder)
    assert live.current().pins == Pins()
    write_pins(place, [PIN])
    until(lambda: live.current().pins.all == (PIN,))
    assert read_pins(open_location(place)).for_question("Where do the bees sleep") == (PIN,)
    answer = answer_of(live.current(), question_after("Where do bees sleep?", []))
    assert (answer.citations[0].quote, answer.citations[0].pinned) == (SEAS, True)
    write_pins(place, [])
    until(lambda: live.current().pins.all == ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[]", 'a line is {"questions": ["…"], "article": "…", "quote": "…", "sentence": "…"}'),
        ('{"questions": [], "article": "a", "quote": "b"}', "a pin needs questions, an article and a quote"),
        ('{"questions": ["?!"], "article": "a", "quote": "b"}', "the question '?!' holds no word. Ask in plain words"),
        (
            '{"questions": ["a"], "article": "a", "quote": 1}',
            "questions are a list of texts, the other fields are texts",
        ),
        (
            '{"questions": ["a"], "article": "a", "quote": "b", "sentence": "c"}',
            "a quote has at most 10,000 characters, and holds its sentence",
        ),
    ],
)
def test_a_faulty_line_is_named_and_pins_nothing(
    line: str, fault: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BadPins, match="1 faults in the pins") as error:
        parsed_pins(f"# ours\n{line}\n")
    assert "\n  line 2: " in str(error.value)
    assert str(error.value).endswith(fault)
    (tmp_path / PINS).write_text(line, "utf-8")
    assert read_pins(open_location(tmp_path)) == Pins()
    assert "so nothing is pinned" in caplog.text


def test_as_many_pins_are_read_as_are_bounded() -> None:
    with pytest.raises(BadPins, match="at most 1,000 pins"):
        parsed_pins(f"{PIN.to_json()}\n" * 1_001)
    assert parsed_pins(f"{PIN.to_json()}\r\n").all == (PIN,)
