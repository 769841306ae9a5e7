"""Questions for a price, a share, a weight or a duration: a passage that has none is no answer."""

import pytest

from app.answering.ways.forms.units import Units
from index.articles.article import Article
from index.passages.chunking import Passage
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures
from index.search.searcher import Searcher
from tests.app.answering.ways.words.test_phrases import known_of


def hit_of(text: str) -> Hit:
    passage = Passage(Article("a", "The probe", text, (), ""), 0, len(text))
    span = (0, len(text))
    return Hit(passage, 1.0, HitFeatures(0.9, 0.5, 3.0, 0.5), Sentences.alone(span))


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How much did the mission cost?", "money"),
        ("How much is the fee for the visa?", "money"),
        ("How much prize money is there?", "money"),
        ("how much do employees pay?", "money"),
        ("How much was spent on the bridge?", "money"),
        ("What is the monthly rent?", "money"),
        ("门票多少钱？", "money"),
        ("What share of it is new?", "share"),
        ("百分之几的人同意？", "share"),
        ("How heavy is the probe?", "weight"),
        ("How much does the probe weigh?", "weight"),
        ("How long can you stay?", "duration"),
        ("How many years did it take?", "duration"),
        ("要多久？", "duration"),
        ("How long is the bridge?", ""),  # metres
        ("How much of it is known?", ""),
        ("How much does it matter?", ""),
        ("What did they share?", ""),
        ("How old is it?", ""),
        ("When did it cost more?", ""),
    ],
)
def test_the_unit_that_a_question_asks_for(shared_searcher: Searcher, question: str, unit: str) -> None:
    found = Units().recognise(question, known_of(shared_searcher))
    assert next((mention.value for mention in found), "") == unit


@pytest.mark.parametrize(
    ("question", "text", "verdict"),
    [
        ("How much did the mission cost?", "It was the first mission to an asteroid.", "related"),
        ("How much did the mission cost?", "The mission cost 200 million yuan.", "answer"),
        ("How much is a ticket?", "Tickets: £5.80", "answer"),
        ("How much is a ticket?", "Entry is free.", "answer"),
        ("How much is a ticket?", "Vstupné je 120 Kč.", "answer"),
        ("How much is a ticket?", "Billet: 90 kr", "answer"),
        ("How much is a ticket?", "₩5,000", "answer"),
        ("How much is a ticket?", "Price: 45", "answer"),
        ("How much is a ticket?", "The team won 45 games.", "related"),
        ("How much prize money was paid?", "There were 46 first prizes, 61 second prizes.", "related"),
        ("How heavy is the probe?", "It weighs 1,935.3 g.", "answer"),
        ("How heavy is the probe?", "It flew to the Moon in 2024.", "related"),
        ("What share was it?", "A third of it.", "answer"),
        ("What share was it?", "It was large.", "related"),
        ("How long can you stay?", "No employer is needed.", "related"),
        ("How long can you stay?", "You may stay for 90 days.", "answer"),
        ("How long did it last?", "It lasted from 1914 to 1918.", "answer"),
        ("Who built the probe?", "Nobody knows.", "answer"),
    ],
)
def test_a_passage_without_the_unit_is_related_at_most(
    shared_searcher: Searcher, question: str, text: str, verdict: str
) -> None:
    way, hits = Units(), [hit_of(text)]
    mentions = way.recognise(question, known_of(shared_searcher))
    assert {way.verdict("answer", hits, mention) for mention in mentions} <= {verdict}
    assert bool(list(mentions)) or verdict == "answer"
    assert all(way.verdict("none", hits, mention) == "none" for mention in mentions)
