"""Which passages the decision rests on, and that the rule it is given decides."""

import pytest

from app.answering.decision import DEFAULT, Features, Rule, features
from app.answering.sections import Section
from index.articles.filters import Filters
from index.search.models import Models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.rerankers import Opinion

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
NEVER = Rule(bias=-50, sentence=0, coverage=0, missing=0)
ALWAYS = Rule(bias=50, sentence=0, coverage=0, missing=0)
SENTENCE = Rule(bias=0, sentence=1, coverage=0, missing=0)
TEA = Section("zh", frozenset({"zh/tea"}))


def _features(searcher: Searcher, question: str) -> Features:
    return features(searcher.fused(Question(question), 5), searcher.manifest.background)


def test_the_rule_decides_and_changes_no_passage(shared_searcher: Searcher) -> None:
    answered, refused = (answer_to(shared_searcher, QUESTION, rule=rule) for rule in (ALWAYS, NEVER))
    assert (answered.answered, answered.closest, answered.support) == (True, (), 50)
    assert (refused.answered, refused.citations, refused.support) == (False, (), -50)
    assert [citation.article for citation in answered.citations] == ["moon", "garden/bees", "zh/tea", "moon"]
    assert answered.citations == refused.closest


def test_without_another_rule_the_default_decides_on_what_was_found(shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, QUESTION)
    assert answer.support == DEFAULT.support(_features(shared_searcher, QUESTION)) > 0


def test_where_nothing_was_searched_no_rule_answers(shared_searcher: Searcher) -> None:
    empty = answer_to(shared_searcher, QUESTION, filters=Filters(since="2024", folders=("garden",)), rule=ALWAYS)
    assert (empty.answered, empty.citations, empty.closest, empty.support) == (False, (), (), -100)
    assert not answer_to(shared_searcher, "hello", rule=ALWAYS).answered


def test_the_best_passage_counts(shared_searcher: Searcher) -> None:
    hits = shared_searcher.fused(Question(QUESTION), 5)
    best = max(hit.features.sentence for hit in hits)
    # The background of the encoder has a mean of -0.3.
    assert answer_to(shared_searcher, QUESTION, rule=SENTENCE).support == pytest.approx(best + 0.3, abs=1e-3)


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A collection of which two articles are nearly as good for a question."""
    folder = tmp_path_factory.mktemp("near")
    texts = {"a/x.md": "Ivy feeds bees in July.", "b/x.md": "Ivy feeds bees in June.", "c.md": "Basalt is dark."}
    build(write_articles(folder / "articles", texts), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def test_the_decision_is_the_same_if_some_passages_are_preferred(near: Searcher) -> None:
    plain = answer_to(near, "What does ivy feed?", rule=SENTENCE)
    for article in ("a/x", "b/x"):
        section = Section("s", frozenset({article}))
        preferring = answer_to(near, "What does ivy feed?", section=section, rule=SENTENCE)
        assert preferring.citations[0].article == article
        assert preferring.support == pytest.approx(plain.support)
        assert plain.support > 0


@pytest.mark.parametrize("section", [None, TEA])
def test_the_decision_is_the_same_however_many_passages_are_wanted(
    section: Section | None, shared_searcher: Searcher
) -> None:
    question = "Which lavender feeds bees, seen from Earth?"  # the best passage lacks the name
    hits = shared_searcher.fused(Question(question), 5)
    names = Rule(bias=0.75, sentence=0, coverage=0, missing=-1)
    answers = [answer_to(shared_searcher, question, k, section=section, rule=names) for k in (1, 5, 20)]
    assert hits[0].features.missing > min(hit.features.missing for hit in hits)
    assert {answer.support for answer in answers} == {names.support(features(hits))}
    assert [len(answer.citations) for answer in answers] == [1, 4, 4]


def test_a_section_never_makes_a_refusal_of_an_answer(shared_searcher: Searcher) -> None:
    for question in (QUESTION, "Is lunar soil dry?", "What feeds bees in July?"):
        plain, preferring = (answer_to(shared_searcher, question, section=part) for part in (None, TEA))
        assert (plain.answered, preferring.answered) == (True, True)


def test_a_reranker_changes_the_order_and_not_the_decision(shared_searcher: Searcher) -> None:
    shortest = shared_searcher.with_models(Models(reranker=Opinion(lambda text: -len(text))))
    plain, other = answer_to(shared_searcher, QUESTION), answer_to(shortest, QUESTION)
    assert (other.answered, other.support) == (plain.answered, plain.support)
    assert other.citations[0].article == "zh/tea" != plain.citations[0].article
