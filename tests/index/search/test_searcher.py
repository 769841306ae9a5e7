"""Questions put to a small index: which passages come, in which order, and what their scores rest on."""

import threading
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import BadQuestion
from index.keywords.tokenizer import tokenise
from index.passages.sentences import sentence_spans
from index.search.fusion import WEIGHTINGS
from index.search.highlight import coverage
from index.search.hits import Hit, HitFeatures
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.keywords import keywords_of, told

PASSAGES = {
    "garden/bees:0-101": "A honey bee visits about 2,000 flowers a day.\n"
    "Lavender feeds bees in July.\nIvy feeds bees in October.",
    "moon:0-82": "Soil\nLunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024.",
    "moon:83-170": "Seas\nThe dark seas of the Moon are basalt plains. They cover 16 percent of its surface.",
    "zh/tea:0-21": "绿茶不发酵。红茶完全发酵，产量为120吨。",
}
# The sentences of these passages, and their keyword leg: words of the whole text, behind those of the title.
SAID = [text.removeprefix("Soil\n").removeprefix("Seas\n") for text in PASSAGES.values()]
TITLES = ["Bees in the garden", "The Moon: soil and seas", "The Moon: soil and seas", "茶"]
KEYWORDS = keywords_of(tokenise(f"{title} {text}") for title, text in zip(TITLES, PASSAGES.values(), strict=True))


def _ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def _best(hit: Hit) -> str:
    return hit.passage.article.text[slice(*hit.best_sentence)]


def _searcher(tmp_path: Path, articles: dict[str, str]) -> Searcher:
    build(write_articles(tmp_path / "articles", articles), tmp_path / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(tmp_path / "index")


@pytest.mark.parametrize(
    ("question", "passage", "sentence"),
    [
        (
            "How many grams of soil did a probe bring to Earth?",
            "moon:0-82",
            "A probe brought 1,935.3 grams of it to Earth in June 2024.",
        ),
        ("Is lunar soil dry?", "moon:0-82", "Lunar soil is dry."),
        ("What are the dark seas made of?", "moon:83-170", "The dark seas of the Moon are basalt plains."),
        ("What feeds bees in October?", "garden/bees:0-101", "Ivy feeds bees in October."),
        ("1935.3", "moon:0-82", "A probe brought 1,935.3 grams of it to Earth in June 2024."),
        ("红茶的产量是多少？", "zh/tea:0-21", "红茶完全发酵，产量为120吨。"),
    ],
)
def test_the_passage_that_answers_comes_first_with_its_best_sentence(
    question: str, passage: str, sentence: str, searcher: Searcher
) -> None:
    first = searcher.search(Question(question))[0]

    assert (first.passage.id, _best(first)) == (passage, sentence)
    assert first.passage.text == PASSAGES[passage]


def test_signals_are_two_cosines_bm25_and_the_share_of_words(searcher: Searcher) -> None:
    question, text = "Is lunar cheese dry?", PASSAGES["moon:0-82"]
    hit = next(hit for hit in searcher.search(Question(question)) if hit.passage.id == "moon:0-82")

    encoder = HashingEncoder()
    asked, whole, *sentences = encoder.questions([question, text, *text.split("\n")[1].split(". ", 1)])
    assert hit.features.passage == pytest.approx(float(asked @ whole.astype(np.float16)), abs=1e-6)
    dry = encoder.questions(["Lunar soil is dry."])[0]
    assert hit.features.sentence == pytest.approx(max(float(asked @ dry), float(asked @ sentences[1])), abs=4e-3)
    assert hit.features.bm25 == pytest.approx(float(KEYWORDS.scores(["lunar", "chees", "dri"], [1])[0]), abs=1e-6)
    rare, unknown = told(KEYWORDS, "lunar"), told(KEYWORDS, "chees")
    assert hit.features.coverage == pytest.approx(2 * rare / (2 * rare + unknown), abs=1e-6)


def _standardised(cosine: float) -> float:
    return float(cosine) + 0.3  # the mean of the background is -0.3, its deviation that of the reference


def test_scores_are_the_weighted_signals_on_their_own_scales(searcher: Searcher) -> None:
    question = "Is lunar soil dry in October?"
    hits = searcher.search(Question(question), 4)
    encoder, words = HashingEncoder(), {word: told(KEYWORDS, word) for word in tokenise(question)}
    [asked] = encoder.questions([question])

    for hit in hits:
        text = SAID[list(PASSAGES).index(hit.passage.id)]
        sentences = [text[start:end] for start, end in sentence_spans(text, 0, len(text))]
        nearest = max(
            _standardised(asked @ vector) + coverage(words, sentence) / 2
            for sentence, vector in zip(sentences, encoder.questions(sentences), strict=True)
        )
        score = (_standardised(hit.features.passage) / 2 + nearest + hit.features.bm25 / sum(words.values())) / 3
        assert hit.score == pytest.approx(max(score, 0), abs=1e-3)  # a sentence's vector has 16 bits a number
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (3, 3), (4, 4), (5, 4), (100, 4)])
def test_at_most_k_passages_are_given_the_best_first(k: int, count: int, searcher: Searcher) -> None:
    everything = _ids(searcher.search(Question("Is lunar soil dry?"), 4))

    assert sorted(everything) == sorted(PASSAGES)
    assert _ids(searcher.search(Question("Is lunar soil dry?"), k)) == everything[:count]


def test_equal_texts_are_given_once(tmp_path: Path) -> None:
    bees = "Lavender feeds bees in July."
    searcher = _searcher(tmp_path, {"a.md": bees, "b.md": bees, "c.md": "Basalt is dark.", "d.md": bees})

    assert _ids(searcher.search(Question("What feeds bees?"))) == ["a:0-28", "c:0-15"]


def test_copies_do_not_take_the_places_of_others(tmp_path: Path) -> None:
    copies = {f"copy-{number}.md": "Lavender feeds bees in July." for number in range(150)}
    others = {"x.md": "Ivy feeds a wasp.", "y.md": "Basalt is dark.", "z.md": "Tea is green."}
    hits = _searcher(tmp_path, copies | others).search(Question("What feeds bees in July?"), 3)

    assert [hit.passage.text for hit in hits][:2] == ["Lavender feeds bees in July.", "Ivy feeds a wasp."]
    assert hits[2].passage.text in ("Basalt is dark.", "Tea is green.")


def test_texts_that_differ_in_letters_of_case_alone_are_given_once(tmp_path: Path) -> None:
    spellings = ["".join(letters) for letters in product("bB", "eE", "eE", " ", "fF", "lL", "yY")]
    alike = {f"{number:02}.md": text for number, text in enumerate(spellings)}
    first, second = _searcher(tmp_path, {**alike, "x.md": "Basalt is dark."}).search(Question("bee"), 64)

    assert (first.passage.article.id, first.also_in) == ("00", tuple(f"{number:02}" for number in range(1, 64)))
    assert (second.passage.article.id, second.also_in) == ("x", ())


def test_passages_of_equal_score_come_in_order_of_their_articles(tmp_path: Path) -> None:
    alike = {f"{number:02}.md": f"Bee {number}." for number in range(64)}
    searcher = _searcher(tmp_path, {**alike, "0.md": "Basalt is dark."}).ranked_by(WEIGHTINGS["bm25"])
    hits = searcher.search(Question("bee"), 64)

    assert [hit.passage.article.id for hit in hits] == [f"{number:02}" for number in range(64)]
    assert len({hit.score for hit in hits}) == 1
    assert hits[0].score > 0


def test_the_same_question_gets_the_same_answer_every_time(root: Path, searcher: Searcher) -> None:
    hits = searcher.search(Question("dark seas"))

    assert searcher.search(Question("dark seas")) == hits
    assert searcher_of(str(root)).search(Question("  dark\nseas ")) == hits


def test_threads_may_share_a_searcher(searcher: Searcher) -> None:
    questions = ["Is lunar soil dry?", "dark seas", "What feeds bees?", "红茶的产量"] * 5
    wanted = [searcher.search(Question(question)) for question in questions]
    found: dict[int, list[Hit]] = {}

    def ask(number: int) -> None:
        found[number] = searcher.search(Question(questions[number]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(len(questions))] == wanted


@pytest.mark.parametrize("question", ["what is it about?", "The", "zxqv", "7777"])
def test_a_question_whose_words_tell_nothing_is_ranked_all_the_same(question: str, searcher: Searcher) -> None:
    hits = searcher.search(Question(question))

    assert sorted(_ids(hits)) == sorted(PASSAGES)
    assert {(hit.features.bm25, hit.features.coverage) for hit in hits} == {(0.0, 0.0)}


def test_the_only_passage_is_scored_as_any_other(tmp_path: Path) -> None:
    [hit] = _searcher(tmp_path, {"a.md": "Basalt is dark."}).search(Question("Is basalt dark?"))
    asked, text = HashingEncoder().questions(["Is basalt dark?", "Basalt is dark."])

    # The passage is its sentence and holds both words; of a length that is the mean BM25 gives 1 of 1 + k1 each.
    score = (1.5 * _standardised(asked @ text) + 0.5 + 1 / 2.2) / 3
    assert hit.passage.id == "a:0-15"
    assert hit.score == pytest.approx(score, abs=1e-3)
    assert hit.features.coverage == 1.0


def test_a_word_of_the_title_finds_the_passages_of_its_article(searcher: Searcher) -> None:
    hit = searcher.search(Question("garden"))[0]

    assert hit.passage.id == "garden/bees:0-101"
    assert "garden" not in hit.passage.text
    assert hit.features.bm25 == pytest.approx(KEYWORDS.scores(["garden"], [0])[0], abs=1e-6)
    assert hit.features.coverage == 1.0


def test_signs_alone_are_found_by_no_word_and_never_crash(tmp_path: Path) -> None:
    hits = _searcher(tmp_path, {"a.md": "🙂🙂", "b.md": "!!! ???"}).search(Question("moon"))

    assert sorted(_ids(hits)) == ["a:0-2", "b:0-7"]


@pytest.mark.parametrize("question", ["", " \n ", "🙂", "x" * 2_001])
def test_what_cannot_be_searched_is_refused(question: str, searcher: Searcher) -> None:
    with pytest.raises(BadQuestion):
        searcher.search(Question(question))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A searcher for many questions."""
    texts = {f"{number}.md": f"# Part {number}\n\n{text}" for number, text in enumerate(PASSAGES.values())}
    return _searcher(tmp_path_factory.mktemp("shared"), texts)


@settings(max_examples=150)
@given(st.text(max_size=60), st.integers(1, 6))
def test_any_question_is_ranked_or_refused_and_every_hit_is_verbatim(shared: Searcher, question: str, k: int) -> None:
    try:
        hits = shared.search(Question(question), k)
    except BadQuestion:
        return
    assert len(hits) == min(k, len({hit.passage.text for hit in shared.search(Question(question), 100)}))
    for hit in hits:
        article, (start, end) = hit.passage.article, hit.best_sentence
        assert shared.articles.by_id(article.id) == article
        assert hit.passage.text == article.text[hit.passage.start : hit.passage.end] != ""
        assert hit.passage.start <= start < end <= hit.passage.end
        assert 0 <= hit.score <= 1 + 1e-6
        assert isinstance(hit.features, HitFeatures)


def test_a_word_of_a_heading_finds_the_passage_below_it(tmp_path: Path) -> None:
    searcher = _searcher(tmp_path, {"a.md": "# Rocks\n\n## Basalt\n\nIt is dark.\n\n## Chalk\n\nIt is white."})
    hit = searcher.search(Question("chalk"))[0]

    assert hit.passage.text == "Chalk\nIt is white."
    assert hit.features.bm25 > 0
