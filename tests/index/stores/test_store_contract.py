"""Contract of every kind of store: equal records, hits, filters, explanations, facets, words, groups."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.answering.labelled.questions import PLAIN_KINDS, LabelledQuestion, read_questions
from eval.measures import covered_share, ndcg, recall
from index.articles.counts import Counter
from index.articles.filters import Filters
from index.errors import BadFilter, BadQuestion, NoPassage
from index.ingestion.encoded_article import EncodedArticle
from index.search.hits import Hit
from index.search.questions.question import Context, Question
from index.search.questions.spelling import corrections_of
from index.search.searcher import Searcher
from index.search.store import Store
from tests.access import SEES
from tests.conftest import PROJECT
from tests.stores import expected, filled, held, reference

__all__ = ["expected", "filled", "held", "reference"]  # fixtures

QUESTIONS = [
    "How much did China spend on research in 2024?",
    "What is dry?",
    "Which journals and which ethics review, and how many flowers does a bee visit?",
    "harvest 2023-12",
    "茶的产量是多少",
    "Salaries in Zanzibar",
    "resaerch spendng of Beijing",  # misspelt
    "the of and",  # words that stand everywhere
]
WITHIN = [
    Filters(since="2024-06"),
    Filters(until="2023"),
    Filters(since="2023-12-31", until="2023-12-31"),
    Filters(since="2023-12", until="2024-02"),
    Filters(since="2024-02-29", until="2024-02-29"),
    Filters(publishers=("GARDEN notes",)),
    Filters(publishers=("Space Agency", "Garden Notes")),
    Filters(languages=("zh",)),
    Filters(languages=("en", "zh"), folders=("funding", "zh")),
    Filters(folders=("hr",), since="2024"),
    Filters(folders=("dated",)),
    Filters(articles=("funding/venture-capital-guidance-fund",)),
]


def _same(found: Sequence[Hit], wanted: Sequence[Hit]) -> None:
    """Both are the same hits in the same order, but that those whose scores are within .002 may change places."""
    scores = {hit.passage.id: hit for hit in wanted}
    assert {hit.passage.id for hit in found} == set(scores)
    for hit, other in zip(found, wanted, strict=True):
        assert hit.score == pytest.approx(other.score, abs=2e-3)
    for hit in found:
        own = scores[hit.passage.id]
        assert (hit.passage, hit.also_in) == (own.passage, own.also_in)
        assert hit.score == pytest.approx(own.score, abs=2e-3)
        assert hit.best_sentence == own.best_sentence
        for name in ("passage", "sentence", "coverage", "missing"):
            assert getattr(hit.features, name) == pytest.approx(getattr(own.features, name), abs=4e-3), name
        assert hit.features.bm25 == pytest.approx(own.features.bm25, rel=1e-4)


def test_the_records_that_come_back_are_those_that_went_in(held: Searcher, reference: Store) -> None:
    found, wanted = list(held.store.encoded()), list(reference.encoded())
    assert [encoded.article for encoded in found] == [encoded.article for encoded in wanted]
    for own, other in zip(found, wanted, strict=True):
        assert own.chunks == other.chunks
        for name in ("vectors", "sentences", "scales"):
            np.testing.assert_array_equal(getattr(own, name), getattr(other, name))
    assert found[0].vectors.dtype == np.float16


def test_the_manifest_says_what_went_in(held: Searcher, reference: Store) -> None:
    own, other = held.manifest, reference.manifest
    for name in ("identity", "chunking", "counts", "dimension", "folder", "max_file_bytes", "programs"):
        assert getattr(own, name) == getattr(other, name), name


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_and_their_signals_are_the_same(question: str, held: Searcher, expected: Searcher) -> None:
    wanted = expected.search(Question(question), 8)
    assert wanted
    _same(held.search(Question(question), 8), wanted)


def test_a_question_in_its_context_finds_the_same(held: Searcher, expected: Searcher) -> None:
    context = Context(("What do bees visit?",), 0.5)
    _same(
        held.search(Question("And how many a day?", context), 5),
        expected.search(Question("And how many a day?", context), 5),
    )


@pytest.mark.parametrize("within", WITHIN, ids=lambda within: str(within.to_json()))
def test_filters_let_the_same_through(within: Filters, held: Searcher, expected: Searcher) -> None:
    wanted = expected.search(Question("a harvest of research and bees"), 10, filters=within)
    assert wanted
    _same(held.search(Question("a harvest of research and bees"), 10, filters=within), wanted)
    assert [bool(passes) for passes in held.facets.passing(within)] == [
        bool(p) for p in expected.facets.passing(within)
    ]
    own, other = (Counter(of.facets, of.articles, within).counts() for of in (held, expected))
    assert own == other
    assert own.passing == sum(expected.facets.passing(within))


def test_articles_without_a_date_pass_no_dates(held: Searcher) -> None:
    within = Filters(since="0001", until="9999")
    found = held.search(Question("a harvest"), 50, filters=Filters(folders=("dated",)))
    dated = held.search(
        Question("a harvest"), 50, filters=Filters(folders=("dated",), since=within.since, until=within.until)
    )
    assert {hit.passage.article.id for hit in found} - {hit.passage.article.id for hit in dated} == {"dated/never"}


def test_what_is_left_out_and_what_is_preferred_is_the_same(held: Searcher, expected: Searcher) -> None:
    question = "What is in the plans for research?"
    first = expected.search(Question(question), 3)
    left = {hit.passage.article.id for hit in first}
    _same(held.search(Question(question), 5, exclude=left), expected.search(Question(question), 5, exclude=left))
    prefer = {expected.search(Question(question), 5)[-1].passage.article.id: 0.5, "garden/bees": 1.0, "nowhere": 1.0}
    wanted = expected.search(Question(question), 5, boost=prefer)
    assert [hit.score for hit in wanted] != [hit.score for hit in expected.search(Question(question), 5)]
    _same(held.search(Question(question), 5, boost=prefer), wanted)


def test_a_passage_is_explained_alike(held: Searcher, expected: Searcher) -> None:
    passage = expected.search(Question("dry soil of the Moon"), 1)[0].passage
    asked = (Question("dry soil of the Moon"), passage.article.id, passage.start, passage.end)
    _near(held.explain(*asked).to_json(), expected.explain(*asked).to_json())
    with pytest.raises(NoPassage, match="'moon' has no passage 1-2 in the build that is live"):
        held.explain(Question("dry soil"), "moon", 1, 2)


def _near(found: Any, wanted: Any) -> None:
    """Both are equal but for numbers, which are near."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            _near(found[name], value)
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for own, other in zip(found, wanted, strict=True):
            _near(own, other)
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, abs=4e-3)
    else:
        assert found == wanted


def test_articles_facets_and_lists_are_the_same(held: Searcher, expected: Searcher) -> None:
    assert held.facets.to_json() == expected.facets.to_json()
    assert list(held.articles.entries()) == list(expected.articles.entries())
    assert held.articles.by_id("zh/tea") == expected.articles.by_id("zh/tea")
    assert held.articles.by_id("x'] or id not in ['q") is None
    for field in ("language", "groups", "sources", "pages", "places", "published", "sha256"):
        assert held.articles.column(field) == expected.articles.column(field)


def test_words_and_near_spellings_are_the_same(held: Searcher, expected: Searcher) -> None:
    own, other = held.store.vocabulary, expected.store.vocabulary
    words = ["bee", "soil", "research", "nowhere", "茶", ""]
    assert own.passages == other.passages
    assert dict(own.document_frequencies(words)) == dict(other.document_frequencies(words))
    for letter in ("b", "z", "茶", "%", "_", "\\", "'"):
        assert list(own.beginning(letter)) == list(other.beginning(letter)), letter
    assert corrections_of("resaerch on flwers", own) == corrections_of("resaerch on flwers", other) != {}


@pytest.mark.parametrize("group", SEES)
def test_somebody_sees_what_is_for_their_group_and_for_everyone(group: str, held: Searcher) -> None:
    seen = held.seen_by(frozenset({group}))
    assert {entry.id for entry in seen.articles.entries()} == SEES[group]
    for question in ("salaries of flowers and lunar soil", "What did the probe bring?"):
        assert {hit.passage.article.id for hit in seen.search(Question(question), 20)} <= SEES[group]
        assert {name for hit in seen.search(Question(question), 20) for name in hit.also_in} <= SEES[group]


@pytest.mark.parametrize("groups", [frozenset[str](), frozenset({"x' or 'a'='a"})])
def test_somebody_of_no_group_sees_nothing(groups: frozenset[str], held: Searcher, expected: Searcher) -> None:
    own, other = held.seen_by(groups), expected.seen_by(groups)
    assert {entry.id for entry in own.articles.entries()} == {entry.id for entry in other.articles.entries()}
    _same(own.search(Question("lunar soil"), 5), other.search(Question("lunar soil"), 5))


@pytest.mark.parametrize(
    "filters", [{"publishers": ("Nobody",)}, {"languages": ("xx",)}, {"folders": ("fundin",)}, {"articles": ("x",)}]
)
def test_unknown_names_are_refused_in_the_same_words(
    filters: dict[str, Any], held: Searcher, expected: Searcher
) -> None:
    said = []
    for searcher in (held, expected):
        with pytest.raises(BadFilter) as refused:
            searcher.search(Question("bees"), filters=Filters(**filters))
        said.append(str(refused.value))
    assert said[0] == said[1] != ""


@pytest.mark.parametrize("question", ["", "?!", "x" * 2_001])
def test_bad_questions_are_refused(question: str, held: Searcher) -> None:
    with pytest.raises(BadQuestion):
        held.search(Question(question))


def test_the_measures_of_the_question_set_are_within_a_hundredth(held: Searcher, expected: Searcher) -> None:
    questions = read_questions(PROJECT / "eval" / "questions.jsonl", expected.articles.by_id)
    answerable = [question for question in questions if question.gold and question.kind in PLAIN_KINDS][::5]
    for k, measure in ((10, ndcg), (5, recall)):
        own, other = (
            float(np.mean([measure(_held_parts(searcher, each), len(each.gold), k) for each in answerable]))
            for searcher in (held, expected)
        )
        assert other > 0.3
        assert own == pytest.approx(other, abs=0.01)


def _held_parts(searcher: Searcher, question: LabelledQuestion) -> list[frozenset[int]]:
    """For each hit the needed parts that it holds."""
    hits = searcher.search(Question(question.question, Context(question.history, 0.5 if question.history else 0)), 10)
    return [frozenset(n for n, part in enumerate(question.gold) if _holds(hit, part)) for hit in hits]


def _holds(hit: Hit, part: Any) -> bool:
    passage = hit.passage
    return any(
        gold.article == passage.article.id
        and covered_share((gold.start, gold.end), [(passage.start, passage.end)]) >= 0.5
        for gold in part
    )


def test_an_article_in_two_passages_or_more_comes_back_whole(held: Searcher) -> None:
    encoded: EncodedArticle = max(held.store.encoded(), key=lambda own: len(own.chunks))
    assert len(encoded.chunks) > 5
    for chunk in encoded.chunks:
        assert held.store.articles.by_id(encoded.article.id) is not None
        assert held.explain(Question("research"), encoded.article.id, *chunk.span).to_json()
