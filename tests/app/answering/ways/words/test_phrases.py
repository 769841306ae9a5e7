"""Words in quotation marks: how they are recognised, and that passages with the very words come first."""

from datetime import date

import pytest

from app.answering.collection import Collection
from app.answering.ways.all import mentioned
from app.answering.ways.way import Known, Mention
from app.answering.ways.words.verbatim import holds
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS, NEVER
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TEXTS = {
    "a.md": "At night the sea gate is closed by the port, and the port is closed by the sea gate.",
    "b.md": "It was agreed long ago in the hall by all who came: the  port closes\nthe Sea Gate at night.",
    "c.md": "---\ntitle: Gate and tide\n---\nNobody knows when the water will come.",
    "d.md": "Der Wirt sagt: it’s a dry-stone wall. Port Linden's pier is new.",
    "zh.md": "今年提出“双碳”目标。",
}


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Articles with the same words in another order."""
    folder = tmp_path_factory.mktemp("gates")
    build(write_articles(folder / "articles", TEXTS), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def known_of(searcher: Searcher) -> Known:
    return Known(searcher.facets, searcher.articles, date(2026, 1, 1), searcher.store.vocabulary)


@pytest.mark.parametrize(
    ("question", "phrases", "text"),
    [
        ('"the port closes"', ["the port closes"], "the port closes"),
        ('Who said "the  port closes" first?', ["the port closes"], "Who said the port closes first?"),
        ("Who said “the port closes”?", ["the port closes"], "Who said the port closes?"),
        ("Wer sagt „ein Wort“?", ["ein Wort"], "Wer sagt ein Wort?"),
        ("Qui dit « un mot » ?", ["un mot"], "Qui dit un mot ?"),
        ("什么是「双碳」和『新质生产力』？", ["双碳", "新质生产力"], "什么是双碳和新质生产力？"),
        ('他说"双碳"吗', ["双碳"], "他说双碳吗"),
        ('the "gate"', ["gate"], "the gate"),
        ('"sea gate" and "port"', ["sea gate", "port"], "sea gate and port"),
    ],
)
def test_words_in_quotation_marks_are_a_phrase(question: str, phrases: list[str], text: str, gates: Searcher) -> None:
    found = [mention for mention in mentioned(question, known_of(gates)) if mention.kind == "phrase"]
    assert [mention.value for mention in found] == phrases
    asked = Collection.of(gates).retrieve(Question(question)).question.text
    assert " ".join(asked.split()) in (text, question)


@pytest.mark.parametrize(
    "question",
    [
        "the sailors' and the captains' homes",
        "Who said 'the port closes'?",
        'a 5" pipe and a 7" pipe',
        'an open " mark',
        '"?!" is no word',
        "“茶”是什么？",  # a single character
        'gate -"the port"',  # left out instead
        'gate but not "the port"',
    ],
)
def test_other_marks_are_no_phrase(question: str, gates: Searcher) -> None:
    assert [mention.key for mention in mentioned(question, known_of(gates)) if mention.kind == "phrase"] == []


@pytest.mark.parametrize(
    ("text", "words", "held"),
    [
        ("The  port\ncloses.", "the port closes", True),
        ("the port closes", "The port closes.", True),
        ("The ports close", "the port", False),
        ("the seaport", "port", False),
        ("It’s late", "it's late", True),
        ("the ‘dry–stone’ wall", "'dry-stone' wall", True),
        ("Port Linden's pier", "Port Linden", True),
        ("caf\u00e9 noir", "cafe\u0301 noir", True),
        ("今年提出“双 碳”目标", "双碳", True),
        ("今年提出双重目标", "双碳", False),
        ("", "port", False),
        ("port", "?", False),
    ],
)
def test_a_text_holds_the_very_words_whole(text: str, words: str, held: bool) -> None:
    assert holds(text, words) is held


def test_a_phrase_in_quotation_marks_comes_first(gates: Searcher) -> None:
    first = answer_to(gates, '"the port closes the sea gate"')
    assert [citation.article for citation in first.citations][:2] == ["b", "a"]
    assert first.verdict == "answer"
    assert first.notes == ()
    assert [mention.key for mention in first.preferences] == ["phrase:the port closes the sea gate"]


def test_a_phrase_that_is_ignored_orders_nothing(gates: Searcher) -> None:
    key = "phrase:the port closes the sea gate"
    question = '"the port closes the sea gate"'
    answer = answer_to(gates, question, ignore=[key], rule=NEVER)
    assert (answer.verdict, answer.preferences, answer.notes) == ("none", (), ())


def test_a_passage_of_the_article_with_that_title_holds_the_phrase(gates: Searcher) -> None:
    answer = answer_to(gates, 'What does "Gate and Tide" say of the sea gate of the port?', rule=ALWAYS)
    assert answer.notes == ()
    assert "c" in [citation.article for citation in answer.citations]
    explained = Collection.of(gates).explain(Question('"Gate and tide"'), "c", 0, 38)
    assert explained[1] == ((Mention("phrase", "Gate and tide", '"Gate and tide"'), True),)


def test_where_no_passage_holds_the_phrase_it_is_said_and_nothing_but_the_phrase_is_not_answered(
    gates: Searcher,
) -> None:
    alone = answer_to(gates, '"the gate closes the port"', rule=ALWAYS)
    assert (alone.verdict, alone.notes) == ("related", ("phrase_absent:the gate closes the port",))
    longer = answer_to(gates, 'Is "the gate closes the port" said at night?', rule=ALWAYS)
    assert (longer.verdict, longer.notes) == ("answer", ("phrase_absent:the gate closes the port",))


def test_nothing_but_a_phrase_that_is_held_is_answered(gates: Searcher) -> None:
    assert answer_to(gates, '"at night"', rule=NEVER).verdict == "answer"
    assert answer_to(gates, 'Is it closed "at night"?', rule=NEVER).verdict == "none"
    assert answer_to(gates, 'Which text says "at night"?', rule=NEVER).verdict == "answer"
    assert answer_to(gates, 'Which text says "in the night"?', rule=NEVER).verdict == "none"


def test_a_name_in_quotation_marks_moves_no_passage_that_is_far(gates: Searcher) -> None:
    question = 'Is the sea gate by the port closed by the "water"?'
    assert answer_to(gates, question, rule=ALWAYS).citations[0].article != "c"


def test_a_question_full_of_marks_is_read_at_once(gates: Searcher) -> None:
    for text in ('"' * 2_000, '"a ' * 600, "“" * 2_000, "-“" * 900):
        assert len(mentioned(text, known_of(gates))) <= 10
