"""Hits that a reader has read: their order, the sentence to mark, and the words that answer."""

import logging
from pathlib import Path

import pytest

from index.passages.sentences import Span
from index.reader import reader_file
from index.reader.reader import PassageReading, SentenceReading
from index.reader.readers import NONE
from index.search.highlight import Fits, Sentences
from index.search.hits import Hit
from index.search.models import Models, chosen_models
from index.search.questions.question import Context, Question
from index.search.reading import READ, read_sentences
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import indexed, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.readers import SURE, UNSURE, Looking
from tests.rerankers import Opinion

QUESTION = "How much of the Moon's surface do the dark seas cover?"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Thirty articles of one passage each, none like another."""
    texts = {f"{n:02}.md": f"Ivy was seen {n} times by {'many ' * (n % 7)}people. It is green." for n in range(30)}
    folder = tmp_path_factory.mktemp("crowd")
    build(write_articles(folder / "articles", texts), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def read(searcher: Searcher, reader: Looking) -> Searcher:
    """The searcher with this reader."""
    return searcher.with_models(Models(reader=reader))


def words(hit: Hit) -> list[str]:
    """The words that answer."""
    return [hit.passage.article.text[start:end] for start, end in hit.answer]


def test_the_words_that_answer_lie_in_the_marked_sentence(searcher: Searcher) -> None:
    first = read(searcher, Looking("16 percent")).search(Question(QUESTION))[0]
    start, end = first.best_sentence

    assert words(first) == ["16 percent"]
    assert first.passage.article.text[start:end] == "They cover 16 percent of its surface."


@pytest.mark.parametrize(
    ("margins", "marked", "answer"),
    [
        ({0: SURE, 1: SURE}, (10, 20), ((13, 15),)),
        ({0: SURE + 4, 1: UNSURE}, (0, 9), ((11, 13),)),
        ({0: UNSURE, 1: UNSURE}, (10, 20), ()),
        ({0: UNSURE}, (10, 20), ()),  # what was not read counts as the worst that was
    ],
)
def test_rule_and_reader_choose_the_sentence_together(
    margins: dict[int, float], marked: Span, answer: tuple[Span, ...]
) -> None:
    sentences = Sentences(((0, 9), (10, 20)), lambda: Fits((0.5, 0.75)))
    spans = {0: (1, 3), 1: (3, 5)}
    reading = PassageReading(0.0, {row: SentenceReading(margin, spans[row]) for row, margin in margins.items()})

    assert read_sentences(sentences, reading, 10) == (marked, answer)


def test_where_it_is_surer_that_there_is_none_nothing_is_set_off(searcher: Searcher) -> None:
    hits = read(searcher, Looking("nowhere")).search(Question(QUESTION))

    assert [hit.answer for hit in hits] == [()] * len(hits)
    assert hits[0].reading is not None


def test_a_hit_that_cannot_come_first_is_not_read_unless_it_is_one_of_three(searcher: Searcher) -> None:
    looking = Looking("nowhere")
    plain = searcher.search(Question(QUESTION))
    near = [hit for rank, hit in enumerate(plain[:READ]) if rank < 3 or hit.score > plain[0].score - 1 / 9]
    assert 3 <= len(near) < len(plain)
    hits = read(searcher, looking).search(Question(QUESTION))

    assert [len(texts) for _, texts in looking.asked] == [len(near)]
    assert {hit.passage.id for hit in hits if hit.reading} == {hit.passage.id for hit in near}


def test_only_the_best_hits_are_read_and_the_others_stay_behind_them(crowd: Searcher) -> None:
    looking = Looking("Ivy was seen 29 times")
    question = Question("How many people have seen ivy?")
    plain, hits = crowd.search(question, 20), read(crowd, looking).search(question, 20)

    assert [len(texts) for _, texts in looking.asked] == [READ]
    assert {hit.passage for hit in hits[:READ]} == {hit.passage for hit in plain[:READ]}
    assert [hit.passage for hit in hits[READ:]] == [hit.passage for hit in plain[READ:]]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [hit.reading is None for hit in hits] == [False] * READ + [True] * 12


def test_a_passage_that_answers_comes_before_one_nearly_as_good(crowd: Searcher) -> None:
    question = Question("How many people have seen ivy?")
    fourth = crowd.search(question, READ)[3].passage
    hits = read(crowd, Looking(fourth.text[:20])).search(question, 3)

    assert hits[0].passage == fourth


def test_passages_that_it_does_not_read_keep_their_sentence_and_a_place_among_the_others(crowd: Searcher) -> None:
    question = Question("How many people have seen ivy?")
    plain = {hit.passage.id: hit for hit in crowd.search(question, READ)}
    unread = next(iter(plain.values())).passage
    hits = read(crowd, Looking("nowhere", unread=unread.text)).search(question, READ)

    (kept,) = (hit for hit in hits if hit.passage == unread)
    assert kept.reading is None
    assert kept.best_sentence == plain[unread.id].best_sentence


def test_nothing_changes_where_it_abstains_from_all(crowd: Searcher) -> None:
    question = Question("How many people have seen ivy?")

    assert read(crowd, Looking("Ivy", unread="Ivy")).search(question) == crowd.search(question)


def test_a_follow_up_is_read_after_its_context(searcher: Searcher) -> None:
    looking = Looking("16 percent")
    context = Context(("What are the dark seas?",), 0.6, leads=True)
    read(searcher, looking).search(Question("How much do they cover?", context))

    assert [question for question, _ in looking.asked] == ["What are the dark seas? How much do they cover?"]


def test_a_reranker_orders_what_was_read(searcher: Searcher) -> None:
    models = Models(Looking("16 percent"), Opinion(lambda text: float("honey" in text)))
    hits = searcher.with_models(models).search(Question(QUESTION))

    assert "honey" in hits[0].passage.text
    assert [words(hit) for hit in hits if "16 percent" in hit.passage.text] == [["16 percent"]]


def test_why_says_what_the_reader_thinks(searcher: Searcher) -> None:
    asking = read(searcher, Looking("16 percent"))
    question = Question(QUESTION)
    found = asking.search(question)[0].passage
    explanation = asking.explain(question, found.article.id, found.start, found.end)

    assert explanation.reader is not None
    assert explanation.reader.answer == "16 percent"
    assert explanation.to_json()["reader"] == {"probability": 0.982, "answer": "16 percent"}
    assert explanation.lines()[-1] == "reader: answers with probability 0.98, “16 percent”"
    plain = searcher.explain(question, found.article.id, found.start, found.end)
    assert plain.to_json()["reader"] is None


def test_a_damaged_reader_is_named_and_search_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = tmp_path / "reader.safetensors"
    damaged.write_bytes(b"no reader")
    monkeypatch.setattr(reader_file.load_weights, "__defaults__", (damaged, reader_file.SHA256))
    with caplog.at_level(logging.ERROR):
        models = chosen_models()

    assert models == Models()
    assert f"the reader's file {damaged} cannot be used" in caplog.text
    assert "Search goes on without the reader" in caplog.text


def test_none_is_no_reader() -> None:
    assert chosen_models(NONE) == Models()


def test_a_name_that_the_question_gives_is_no_answer_to_who(tmp_path: Path) -> None:
    text = "# Rectors\n\nAgnes Thornbury is rector. Before her Bart Elsener led the college."
    searcher = read(indexed(tmp_path, {"rectors.md": text}), Looking("Agnes Thornbury"))
    [asked] = searcher.search(Question("Who was rector before Agnes Thornbury?"))
    [other] = searcher.search(Question("What is the rector's name?"))
    assert (words(asked), words(other)) == ([], ["Agnes Thornbury"])
