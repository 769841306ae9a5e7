"""Questions read in several ways: in parts, after a context, by an encoder that knows little of them."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.arrays import Vectors
from index.keywords.tokenizer import tokenise
from index.search.fusion import WEIGHTINGS, Weights, fuse
from index.search.hits import Hit
from index.search.questions.question import ALONE, Context, Question
from index.search.ranking import EncodedQuestion, Ranked, encoded_texts, encoded_variants, ranked
from index.search.searcher import Searcher
from index.search.store import Scope
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

SEAS = "The dark seas of the Moon are basalt plains"
ARTICLES = {
    **{f"seas/{number}.md": f"{SEAS}, says {name}." for number, name in enumerate(("Ann", "Bo", "Cy", "Di"))},
    "ivy.md": "Ivy feeds wasps in October.",
    "bees.md": "Lavender feeds bees in July.",
    "tea.md": "Tea grows on hills.",
}
TWO_PARTS = "Which basalt plains are the dark seas of the Moon, and what feeds wasps in October?"


def _searcher(folder: Path, articles: dict[str, str]) -> Searcher:
    build(write_articles(folder / "articles", articles), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return _searcher(tmp_path_factory.mktemp("few"), ARTICLES)


def _knowing(share: float, searcher: Searcher) -> Searcher:
    """The same search by an encoder that has this share of every text's tokens in its vocabulary."""

    class Partial(HashingEncoder):
        def known_shares(self, texts: Sequence[str]) -> list[float]:
            return [share for _ in texts]

    return Searcher(searcher.store, Partial(searcher.manifest.identity))


def _articles(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.article.id for hit in hits]


def _scores(hits: Sequence[Hit]) -> dict[str, float]:
    return {hit.passage.article.id: hit.score for hit in hits}


def test_a_question_of_two_parts_brings_a_passage_of_each(few: Searcher) -> None:
    first, second = _articles(few.search(Question(TWO_PARTS), 2))
    assert (first[:4], second) == ("seas", "ivy")


def test_with_one_place_the_best_of_the_whole_question_keeps_it(few: Searcher) -> None:
    assert _articles(few.search(Question(TWO_PARTS), 1)) == _articles(few.search(Question(TWO_PARTS), 3))[:1]


@pytest.mark.parametrize("k", [2, 3, 5, 7])
@pytest.mark.parametrize("question", [TWO_PARTS, f"{TWO_PARTS} What feeds bees in July?"])
def test_the_best_of_every_part_is_there_and_the_order_is_that_of_the_scores(
    question: str, k: int, few: Searcher
) -> None:
    hits = few.search(Question(question), k)

    assert len(hits) == k
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    if k > 2:
        assert {"ivy", *(["bees"] if "July" in question else [])} <= set(_articles(hits))


def _variants(searcher: Searcher, question: str, context: Context = ALONE) -> EncodedQuestion:
    return encoded_variants(Question(question, context), searcher.store.vocabulary, HashingEncoder(), {})


def _ranked(searcher: Searcher, question: str, context: Context = ALONE) -> tuple[EncodedQuestion, Ranked]:
    """The question as it is read, and all passages with scores that may lie below 0."""
    read = _variants(searcher, question, context)
    found = ranked(read, searcher.store.candidates(read.queries.all, 100, Scope()), Weights(), fuse)
    assert found is not None
    assert len(found.candidates) == 7
    return read, found


def test_the_best_part_counts_a_third_beside_the_whole_question(few: Searcher) -> None:
    _, found = _ranked(few, TWO_PARTS)
    whole, *parts = (fuse(signals, Weights()) for signals in found.candidates.signals)

    assert found.scores == pytest.approx(0.65 * whole + 0.35 * np.maximum(*parts), abs=1e-6)
    assert [part.tolist() for part in found.parts] == [part.tolist() for part in parts]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("question", ["What feeds bees in July?", "dark seas October", "zzz"])
def test_a_question_of_which_the_encoder_knows_half_or_less_is_ranked_by_bm25_alone(
    question: str, share: float, few: Searcher
) -> None:
    unread, words = (
        _knowing(share, few).search(Question(question), 10),
        few.ranked_by(WEIGHTINGS["bm25"]).search(Question(question), 10),
    )

    # BM25 has 1 of the weights' 3; what shares no word is not found at all.
    expected = {name: score / 3 for name, score in _scores(words).items() if score}
    assert _articles(unread) == _articles(words)[: len(expected)]
    assert _scores(unread) == pytest.approx(expected)


def test_of_a_question_known_by_three_quarters_meaning_counts_half(few: Searcher) -> None:
    question = "What feeds bees in July?"
    nothing, half, everything = (
        _scores(_knowing(share, few).search(Question(question), 10)) for share in (0.5, 0.75, 1.0)
    )

    assert everything["bees"] > nothing["bees"] + 0.1
    assert half["bees"] == pytest.approx((nothing["bees"] + everything["bees"]) / 2, abs=1e-6)


BEFORE = "What feeds wasps?"


def test_a_context_that_leads_changes_what_comes_first(few: Searcher) -> None:
    question = "And bees?"

    assert _articles(few.search(Question(question)))[0] == "bees"
    ivy = Context(("Which ivy feeds wasps?",), 0.6, leads=True)
    assert _articles(few.search(Question("And October?", ivy)))[0] == "ivy"
    assert _articles(few.search(Question("Tea?", Context(("What feeds wasps in October, ivy?",), 0.25))))[0] == "tea"


def test_a_context_that_does_not_lead_counts_only_if_its_best_passage_is_good_for_the_question_alone(
    few: Searcher,
) -> None:
    def scores(*earlier: str) -> tuple[bool, list[float]]:
        read = _variants(few, "What feeds bees in July?", Context(earlier, 0.25))
        found = ranked(read, few.store.candidates(read.queries.all, 100, Scope()), WEIGHTINGS["bm25"], fuse)
        assert found is not None
        return found.in_context, [round(float(score), 6) for score in found.scores]

    assert scores("Which tea grows on hills?", "Is tea grown on hills in the fog?") == scores()
    assert scores("What do bees like in July?") != scores()
    assert (scores()[0], scores("What do bees like in July?")[0]) == (False, True)


@pytest.mark.parametrize("share", [0.5, 0.6, 1.0])
def test_a_score_is_shared_between_the_question_alone_and_after_its_context(share: float, few: Searcher) -> None:
    question = "Which bees like July?"
    alone, after = (_ranked(few, text)[1].scores for text in (question, f"{BEFORE} {question}"))
    blended = _ranked(few, question, Context((BEFORE,), share, leads=True))[1].scores

    assert blended == pytest.approx((1 - share) * alone + share * after, abs=1e-6)
    assert abs(alone - after).max() > 0.1


@pytest.mark.parametrize("leads", [True, False])
def test_a_context_that_does_not_lead_is_never_encoded_as_one_text(leads: bool, few: Searcher) -> None:
    seen: set[str] = set()

    class Noting(HashingEncoder):
        def questions(self, texts: Sequence[str]) -> Vectors:
            seen.update(texts)
            return super().questions(texts)

    question = Question("Which bees like July?", Context((BEFORE,), 0.5, leads))
    read = encoded_variants(question, few.store.vocabulary, Noting(), {})
    assert seen == {question.text, question.in_context if leads else BEFORE} == set(encoded_texts(question))
    assert read.queries.in_context is not None
    assert read.queries.in_context.tokens == tokenise(question.in_context)


@pytest.mark.parametrize("context", [ALONE, Context((), 0.6, leads=True), Context((BEFORE,), 0.0)])
def test_a_context_of_no_questions_or_no_share_changes_no_score(context: Context, few: Searcher) -> None:
    hits, alone = few.search(Question("What feeds bees?", context), 10), few.search(Question("What feeds bees?"), 10)
    assert [(hit.passage, hit.best_sentence) for hit in hits] == [(hit.passage, hit.best_sentence) for hit in alone]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in alone], abs=1e-6)


def test_signals_are_those_of_the_question_as_it_is_understood(few: Searcher) -> None:
    question = "What of July?"
    alone, after = (few.search(Question(text), 10) for text in (question, f"{BEFORE} {question}"))
    for leads, wanted in ((False, alone), (True, after)):
        found = few.search(Question(question, Context((BEFORE,), 0.5, leads)), 10)
        coverage = {hit.passage.article.id: hit.features.coverage for hit in wanted}
        assert {hit.passage.article.id: hit.features.coverage for hit in found} == coverage


def test_variants_are_the_question_its_parts_and_the_question_in_its_context(few: Searcher) -> None:
    queries = _variants(few, TWO_PARTS, Context(("Which hills does tea grow on?",), 0.25)).queries

    assert [len(query.words) for query in queries.all] == [8, 5, 3, 11]
    assert queries.all == [queries.whole, *queries.parts, queries.in_context]
    assert set(queries.parts[1].words) == {"feed", "wasp", "octob"}
    assert queries.understood(Context(("Tea?",), 0.25)) is queries.whole
    leading = _variants(few, "And July?", Context(("What feeds bees?",), 0.6, leads=True))
    query = leading.queries.understood(leading.context)
    assert query is leading.queries.in_context
    assert list(query.words) == ["feed", "bee", "juli"]


def test_many_words_stretch_a_question_and_no_context(few: Searcher) -> None:
    words = "zero one two three four five six seven eight nine"
    queries = _variants(few, words, Context(("ten eleven twelve",), 0.6, leads=True)).queries

    # No passage has any of the ten words, so that all tell the same: ten over the eight that are usual.
    assert queries.whole.length_factor == pytest.approx(10 / 8)
    assert queries.in_context is not None
    assert queries.in_context.length_factor == 1.0
    assert _variants(few, "zero one").queries.whole.length_factor == 1.0


@pytest.mark.parametrize(
    ("question", "article", "missing"),
    [
        ("What feeds bees in July?", "bees", 0.0),
        ("What feeds bees?", "tea", 0.0),  # names nothing
        ("What feeds bees in Portugal?", "bees", 1.0),  # in no passage of the build: as rare as a word can be
        ("What feeds bees in July?", "tea", math.log(1 + 6.5 / 1.5) / math.log(16)),  # in one of seven
        ("What does the Moon feed, or July?", "seas/0", math.log(1 + 6.5 / 1.5) / math.log(16)),
        ("What does the Moon feed in July and Portugal?", "tea", 1.0),  # the rarest
    ],
)
def test_what_is_missing_is_the_rarest_name_that_a_passage_lacks(
    question: str, article: str, missing: float, few: Searcher
) -> None:
    found = {hit.passage.article.id: hit.features.missing for hit in few.search(Question(question), 10)}

    assert found[article] == pytest.approx(missing)


def test_a_name_in_the_title_is_not_missing(tmp_path: Path) -> None:
    searcher = _searcher(tmp_path, {"a.md": "---\ntitle: Bees of Lisbon\n---\nThey like July.", "b.md": "Basalt."})
    [hit, _] = searcher.search(Question("What do bees in Lisbon like?"))

    assert (hit.passage.article.id, hit.features.missing) == ("a", 0.0)
