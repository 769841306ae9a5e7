"""Which passages the decision rests on, and that the rule it is given decides."""

import pytest

from app.answer import compose
from app.decision import DEFAULT, Rule
from app.section import Section
from index.filters import Filters
from index.search import Searcher
from tests.rerankers import Opinion

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
NEVER = Rule(bias=-50, sentence=0, coverage=0, contrast=0, missing=0)
ALWAYS = Rule(bias=50, sentence=0, coverage=0, contrast=0, missing=0)
LAST = Rule(bias=0.01, sentence=0, coverage=0, contrast=-1, missing=0)  # likes hits that stand behind the others
TEA = Section("zh", frozenset({"zh/tea"}))


def test_the_rule_decides_and_changes_no_passage(shared_searcher: Searcher) -> None:
    answered, refused = (compose(shared_searcher, QUESTION, rule=rule) for rule in (ALWAYS, NEVER))
    assert (answered.answered, answered.closest, answered.support) == (True, (), 50)
    assert (refused.answered, refused.citations, refused.support) == (False, (), -50)
    assert [citation.article for citation in answered.citations] == ["moon", "garden/bees", "zh/tea", "moon"]
    assert answered.citations == refused.closest


def test_without_another_rule_the_default_decides_on_what_was_found(shared_searcher: Searcher) -> None:
    answer = compose(shared_searcher, QUESTION)
    assert answer.support == DEFAULT.support(shared_searcher.fused(QUESTION, 5)) > 0


def test_where_nothing_was_searched_no_rule_answers(shared_searcher: Searcher) -> None:
    empty = compose(shared_searcher, QUESTION, filters=Filters(since="2024", folders=("garden",)), rule=ALWAYS)
    assert (empty.answered, empty.citations, empty.closest, empty.support) == (False, (), (), -100)
    assert not compose(shared_searcher, "hello", rule=ALWAYS).answered


def test_the_first_passage_counts_unless_some_are_preferred(shared_searcher: Searcher) -> None:
    plain = compose(shared_searcher, QUESTION, rule=LAST)
    first = shared_searcher.fused(QUESTION, 5)[0].signals.contrast
    assert not plain.answered
    assert plain.support == pytest.approx(0.01 - first)
    # The last of all passages stands above none: there the rule sees no contrast at all.
    preferring = compose(shared_searcher, QUESTION, section=TEA, rule=LAST)
    assert preferring.answered
    assert preferring.support == pytest.approx(0.01)


def test_what_the_question_names_is_preferred_as_well(shared_searcher: Searcher) -> None:
    question, key = "What did Night Sky Notes write of bees in July?", "publisher:Night Sky Notes"
    named = compose(shared_searcher, question, rule=LAST)
    alone = compose(shared_searcher, question, ignore=[key], rule=LAST)
    assert named.answered
    assert named.support == pytest.approx(0.01)
    assert (alone.answered, alone.preferences) == (False, ())


def test_a_section_never_makes_a_refusal_of_an_answer(shared_searcher: Searcher) -> None:
    for question in (QUESTION, "Is lunar soil dry?", "What feeds bees in July?"):
        plain, preferring = (compose(shared_searcher, question, section=part) for part in (None, TEA))
        assert (plain.answered, preferring.answered) == (True, True)


def test_only_the_passages_that_are_shown_count(shared_searcher: Searcher) -> None:
    hits = shared_searcher.fused(QUESTION, 2, prefer=TEA.articles)
    told = compose(shared_searcher, QUESTION, 2, section=TEA, rule=LAST)
    assert not told.answered
    assert told.support == pytest.approx(max(0.01 - hit.signals.contrast for hit in hits))


def test_a_reranker_changes_the_order_and_not_the_decision(shared_searcher: Searcher) -> None:
    shortest = shared_searcher.with_reranker(Opinion(lambda text: -len(text)))
    plain, other = compose(shared_searcher, QUESTION), compose(shortest, QUESTION)
    assert (other.answered, other.support) == (plain.answered, plain.support)
    assert other.citations[0].article == "zh/tea" != plain.citations[0].article
