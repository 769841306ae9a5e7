import math
import random

import ir_measures
import pytest
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG
from scipy.stats import binom
from sklearn.metrics import precision_recall_fscore_support

from eval.measures import (
    answers_needed,
    auroc,
    covered_share,
    error_bound,
    interval,
    lists_right,
    mean_interval,
    ndcg,
    recall,
    reciprocal_rank,
    refusals,
)

NONE: frozenset[int] = frozenset()
A, B, AB = frozenset({0}), frozenset({1}), frozenset({0, 1})


@pytest.fixture(scope="module", autouse=True)
def resamples() -> None:
    """As many draws as a run makes: other tests make fewer."""


@pytest.mark.parametrize(
    ("ranked", "k", "expected"),
    [
        ([NONE, A, B], 1, 0.0),
        ([NONE, A, B], 2, 0.5),
        ([NONE, A, B], 3, 1.0),
        ([A, A], 5, 0.5),
        ([AB], 1, 1.0),
        ([], 5, 0.0),
    ],
)
def test_recall_is_the_share_of_needed_parts_found(ranked: list[frozenset[int]], k: int, expected: float) -> None:
    assert recall(ranked, 2, k) == expected


@pytest.mark.parametrize(
    ("total", "articles", "expected_articles", "right"),
    [
        (2, ["a", "b"], None, True),
        (3, ["a", "b"], None, False),
        (2, ["b", "a"], {"a", "b"}, True),
        (2, ["a", "c"], {"a", "b"}, False),
        (2, ["a"], {"a", "b"}, False),
        (3, ["a", "b"], {"a", "b"}, False),
        (2, ["a", "b", "c"], {"a", "b"}, False),
    ],
)
def test_a_list_is_right_with_the_expected_total_and_exactly_the_expected_articles(
    total: int, articles: list[str], expected_articles: set[str] | None, right: bool
) -> None:
    assert lists_right(total, articles, 2, expected_articles) is right


@pytest.mark.parametrize(
    ("ranked", "expected"), [([A], 1.0), ([NONE, NONE, B], 1 / 3), ([NONE] * 10 + [A], 0.0), ([], 0.0)]
)
def test_reciprocal_rank_is_that_of_the_first_needed_part(ranked: list[frozenset[int]], expected: float) -> None:
    assert reciprocal_rank(ranked) == expected


@pytest.mark.parametrize(
    ("ranked", "parts", "expected"),
    [
        ([A], 1, 1.0),
        ([NONE, A], 1, 1 / math.log2(3)),
        ([A, A, B], 2, (1 + 1 / 2) / (1 + 1 / math.log2(3))),  # a part counts once
        ([AB], 2, 1.0),  # never above the ideal
        ([NONE, AB], 2, 2 / math.log2(3) / (1 + 1 / math.log2(3))),
        ([NONE] * 10 + [A], 1, 0.0),
    ],
)
def test_ndcg_discounts_each_part_by_its_rank(ranked: list[frozenset[int]], parts: int, expected: float) -> None:
    assert ndcg(ranked, parts) == pytest.approx(min(1.0, expected))


def test_on_random_runs_the_measures_are_those_of_trec_eval() -> None:
    dice = random.Random(3)  # noqa: S311 - no secret
    for _ in range(200):
        parts = dice.randint(1, 4)
        order = [*range(parts), *range(100, 112)]
        dice.shuffle(order)
        shown = order[: dice.randint(0, 14)]
        ranked = [frozenset({item}) if item < parts else NONE for item in shown]
        qrels = [Qrel("q", str(part), 1) for part in range(parts)]
        run = [ScoredDoc("q", str(item), -float(place)) for place, item in enumerate(shown)] or [
            ScoredDoc("q", "x", 0.0)
        ]
        expected = ir_measures.calc_aggregate([R @ 5, R @ 10, RR @ 10, nDCG @ 10], qrels, run)
        assert recall(ranked, parts, 5) == pytest.approx(expected[R @ 5])
        assert recall(ranked, parts, 10) == pytest.approx(expected[R @ 10])
        assert reciprocal_rank(ranked) == pytest.approx(expected[RR @ 10])
        assert ndcg(ranked, parts) == pytest.approx(expected[nDCG @ 10])


@pytest.mark.parametrize(
    ("spans", "expected"),
    [([(0, 10)], 0.0), ([(10, 15)], 0.5), ([(0, 12), (11, 13)], 0.3), ([(5, 30)], 1.0), ([], 0.0), ([(20, 25)], 0.0)],
)
def test_covered_share_counts_each_character_once(spans: list[tuple[int, int]], expected: float) -> None:
    assert covered_share((10, 20), spans) == expected


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([3, 2], [1, 0], 1.0), ([0], [1], 0.0), ([1], [1], 0.5), ([1, 3], [2, 0], 0.75), ([], [1], None), ([1], [], None)],
)
def test_auroc_is_the_chance_to_rank_a_positive_above_a_negative(
    positive: list[float], negative: list[float], expected: float | None
) -> None:
    assert auroc(positive, negative) == expected


def test_refusals_are_judged_against_unanswerable_questions() -> None:
    found = refusals([True, True, True, False, False], [True, False, False, True, False])
    assert found == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "refused_answerable": pytest.approx(1 / 3)}


def test_on_random_decisions_refusals_are_those_of_scikit_learn() -> None:
    dice = random.Random(3)  # noqa: S311 - no secret
    for _ in range(50):
        answerable = [True, False, *dice.choices([True, False], k=20)]
        refused = [False, True, *dice.choices([True, False], k=20)]
        found = refusals(answerable, refused)
        expected = precision_recall_fscore_support(
            answerable, [not no for no in refused], pos_label=0, average="binary"
        )
        assert [found["precision"], found["recall"], found["f1"]] == pytest.approx(expected[:3])


def test_refusing_nothing_has_no_precision_and_no_f1() -> None:
    found = refusals([True, False], [False, False])
    assert list(found.values()) == [None, 0.0, 0.0, 0.0]


def test_without_unanswerable_questions_refusing_has_no_recall() -> None:
    found = refusals([True], [True])
    assert list(found.values()) == [0.0, None, None, 1.0]


def test_an_interval_of_equal_values_is_that_value() -> None:
    assert mean_interval([0.25] * 9) == (0.25, 0.25)


def test_an_interval_of_a_share_is_near_the_normal_one_and_the_same_each_time() -> None:
    values = [1.0] * 80 + [0.0] * 20
    low, high = mean_interval(values) or (0, 0)
    assert (low, high) == mean_interval(values)
    assert low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.015)
    assert high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.015)


def test_there_is_no_interval_of_nothing() -> None:
    assert interval(0, lambda places: 1.0) is None
    assert interval(5, lambda places: None) is None


@pytest.mark.parametrize(
    ("wrong", "answers", "bound"), [(0, 59, 0.0495), (0, 58, 0.0503), (9, 212, 0.0729), (3, 3, 1.0)]
)
def test_the_bound_of_errors_is_that_of_clopper_and_pearson(wrong: int, answers: int, bound: float) -> None:
    assert error_bound(wrong, answers) == pytest.approx(bound, abs=1e-4)
    if wrong < answers:  # at the bound, as few errors or fewer have a chance of a twentieth
        assert binom.cdf(wrong, answers, error_bound(wrong, answers)) == pytest.approx(0.05)


@pytest.mark.parametrize(("wrong", "risk"), [(0, 0.05), (0, 0.01), (9, 0.05), (3, 0.5)])
def test_the_answers_needed_are_the_fewest_that_keep_the_bound(wrong: int, risk: float) -> None:
    count = answers_needed(wrong, risk)
    assert error_bound(wrong, count) <= risk < error_bound(wrong, count - 1)
