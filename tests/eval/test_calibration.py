"""The answer decision fitted to questions: what it learns, what it promises, and when it declines."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.calibration import Calibration
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.decision import FEATURES, Features, Rule, features
from app.answering.labelled.questions import Gold, LabelledQuestion
from eval.calibration import Uncalibrated, calibrate
from eval.samples import Sample, samples_of, samples_of_dataset
from eval.sets.beir import read_dataset
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.eval.sets.test_beir import write_dataset

NOTHING = Features(0.0, 0.0, 0.0)
QUESTIONS = [
    LabelledQuestion("moon", "Is lunar soil dry?", "fact", ((Gold("moon", 5, 23, "Lunar soil is dry."),),)),
    LabelledQuestion("orchestra", "Which orchestra toured Portugal?", "outside"),
    LabelledQuestion(
        "both",
        "And in October?",
        "follow-up",
        ((Gold("garden/bees", 0, 9, "A honey"),), (Gold("moon", 0, 4, "Soil"),)),
        ("What feeds bees?",),
    ),
]


def support(rule: Rule, found: Features) -> float:
    return float(rule.bias + sum(getattr(rule, name) * getattr(found, name) for name in FEATURES))


def drawn(
    count: int, yes: float, no: float, *, origin: str = "", name: str = "sentence", seed: int = 7
) -> list[Sample]:
    """Questions of which `name` lies within .1 of `yes` as asked and of `no` with the articles hidden."""
    noise = np.random.default_rng(seed).uniform(-0.1, 0.1, (count, 2))
    found = []
    for number in range(count):
        for value, answerable in ((yes + noise[number, 0], True), (no + noise[number, 1], False)):
            told: dict[str, Any] = {name: float(value)}
            own = replace(NOTHING, **told)
            found.append(Sample(origin, f"{origin}:{number}", own, answerable, not answerable, correct=answerable))
    return found


def unanswerable(samples: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in samples if not sample.answerable]


def test_questions_that_can_be_told_apart_are_and_hardly_one_is_refused() -> None:
    found = calibrate(drawn(100, 0.7, 0.2), "2024-06-25")
    held_out = drawn(400, 0.7, 0.2, seed=8)
    refused = [support(found.rule, sample.features) < 0 for sample in held_out if sample.answerable]
    assert sum(refused) / len(refused) <= 0.05
    assert all(support(found.rule, sample.features) < 0 for sample in unanswerable(held_out))
    assert (found.date, found.answerable, found.unanswerable, found.hidden, found.auroc) == (
        *("2024-06-25", 100, 0, 100),
        1.0,
    )
    assert found.curve == tuple((rate, 1.0) for rate in (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5))


@pytest.mark.parametrize("name", FEATURES)
def test_the_rule_learns_which_feature_tells(name: str) -> None:
    yes, no = (0.2, 0.6) if name == "missing" else (0.6, 0.2)
    rule = calibrate(drawn(40, yes, no, name=name), "").rule
    weights = {feature: getattr(rule, feature) for feature in FEATURES}
    told = weights.pop(name)
    assert told < -1 if name == "missing" else told > 1
    assert set(weights.values()) == {0.0}


def _leaning(count: int, origin: str, way: int) -> list[Sample]:
    """Questions told apart by their words, and the `way` (1 or -1) of one set by their sentences, too."""
    random = np.random.default_rng(5)
    return [
        Sample(
            origin,
            f"{origin}:{number}",
            Features(
                sentence=float(random.uniform(0.2, 0.6) + 0.1 * way * answerable),
                coverage=float(random.uniform(0.2, 0.6) + 0.2 * answerable),
                missing=0.0,
            ),
            answerable,
        )
        for number in range(count)
        for answerable in (True, False)
    ]


def test_each_set_counts_the_same_however_many_questions_it_has() -> None:
    """Sentences tell the contrary in the two sets: with equal weights, they tell nothing."""
    rule = calibrate([*_leaning(400, "large", 1), *_leaning(40, "small", -1)], "").rule
    large = calibrate(_leaning(440, "large", 1), "").rule
    assert large.sentence > 4
    assert abs(rule.sentence) < large.sentence / 3
    assert rule.coverage > 4


def test_what_was_learnt_of_a_question_itself_does_not_count() -> None:
    """Five questions over and over, each told by a feature that the others lack, or by none."""
    told: dict[str | None, dict[str, Any]] = {name: {name: 0.5} for name in FEATURES}
    samples = [
        Sample("", f"{group}", replace(NOTHING, **(told.get(name, {}) if answerable else {})), answerable)
        for group, name in enumerate((*FEATURES, None, None))
        for answerable in (True, False)
        for _ in range(12)
    ]
    alone = [replace(sample, group=str(number)) for number, sample in enumerate(samples)]
    assert calibrate(alone, "").auroc > 0.75
    with pytest.raises(Uncalibrated, match=r"look alike here \(AUROC 0\.[45]"):
        calibrate(samples, "")


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.05, 0.5))
def test_who_refuses_more_of_the_answerable_refuses_no_fewer_of_the_others(seed: int, apart: float) -> None:
    random = np.random.default_rng(seed)
    samples = [
        Sample("", str(number), Features(*random.uniform(0, 0.5, 4) + apart * answerable), answerable=answerable)
        for number in range(40)
        for answerable in (True, False)
    ]
    try:
        found: Calibration = calibrate(samples, "")
    except Uncalibrated:
        return
    rates, refused = zip(*found.curve, strict=True)
    assert rates == (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
    assert list(refused) == sorted(refused)
    assert 0 <= refused[0] <= refused[-1] <= 1


@pytest.mark.parametrize(
    ("samples", "answerable", "others"),
    [
        ([], 0, 0),
        (drawn(29, 0.7, 0.2), 29, 29),
        (unanswerable(drawn(100, 0.7, 0.2)), 0, 100),
        ([*drawn(40, 0.7, 0.2)[::2], *drawn(29, 0.7, 0.2)[1::2]], 40, 29),
    ],
)
def test_too_few_of_a_kind_calibrate_nothing(samples: list[Sample], answerable: int, others: int) -> None:
    with pytest.raises(Uncalibrated) as raised:
        calibrate(samples, "")
    assert str(raised.value) == (
        f"uncalibrated: {answerable} questions that the articles answer and {others} that they do not (asked with "
        "their articles hidden included) are too few; 30 of each are needed. The default rule goes on deciding. "
        "Add questions: python -m eval check --template"
    )


@pytest.mark.parametrize(("yes", "no"), [(0.4, 0.4), (0.0, 0.0)])
def test_kinds_that_look_alike_calibrate_nothing(yes: float, no: float) -> None:
    with pytest.raises(Uncalibrated) as raised:
        calibrate(drawn(200, yes, no), "")
    said = str(raised.value)
    assert said.startswith("uncalibrated: answerable and unanswerable questions look alike here (AUROC 0.")
    assert said.endswith(
        ", chance is .5). The default rule goes on deciding. See that gold quotes and unanswerable questions are "
        "right: python -m eval check"
    )


def test_questions_that_are_all_answerable_are_told_from_themselves_with_their_articles_hidden() -> None:
    samples = drawn(30, 0.7, 0.2)
    found = calibrate(samples, "")
    assert (found.answerable, found.unanswerable, found.hidden) == (30, 0, 30)
    more = [Sample("", f"no {number}", replace(NOTHING, sentence=0.1), answerable=False) for number in range(5)]
    counted = calibrate([*samples, *more], "")
    assert (counted.answerable, counted.unanswerable, counted.hidden) == (30, 5, 30)


def test_each_question_is_asked_and_each_answerable_one_again_without_its_articles(shared_searcher: Searcher) -> None:
    found = samples_of(QUESTIONS, Collection.of(shared_searcher))
    assert [(s.origin, s.group, s.kind, s.answerable, s.hidden, s.correct) for s in found] == [
        ("", "moon", "fact", True, False, True),
        ("", "moon", "fact", False, True, False),
        ("", "orchestra", "outside", False, False, False),
        ("", "both", "follow-up", True, False, True),
        ("", "both", "follow-up", False, True, False),
    ]
    background = shared_searcher.manifest.background
    asked, hidden = (
        features(shared_searcher.fused(Question("Is lunar soil dry?"), 5, exclude=exclude), background)
        for exclude in (set(), {"moon"})
    )
    assert (found[0].features, found[1].features) == (asked, hidden)
    assert asked.coverage == 1.0 > hidden.coverage
    read = shared_searcher.fused(question_after("And in October?", ["What feeds bees?"]), 5)
    assert found[3].features == features(read, background)
    assert found[4].features.coverage == 0.0  # only the tea is left


def test_a_question_that_is_left_without_any_passage_is_no_sample(shared_searcher: Searcher) -> None:
    gold = tuple((Gold(name, 0, 1, ""),) for name in ("moon", "garden/bees", "zh/tea"))
    [only] = samples_of(
        [LabelledQuestion("all", "Is lunar soil dry?", "comparison", gold)], Collection.of(shared_searcher)
    )
    assert (only.answerable, only.hidden) == (True, False)


def test_of_a_public_set_the_questions_with_relevant_documents_are_asked(
    tmp_path: Path, shared_searcher: Searcher
) -> None:
    dataset = read_dataset(write_dataset(tmp_path / "pond"))
    extra = replace(dataset.queries[0], id="q3", relevant={})
    moon = replace(dataset.queries[1], text="Is lunar soil dry?", relevant={"moon": 1}, earlier=())
    found = samples_of_dataset(replace(dataset, queries=[moon, extra]), Collection.of(shared_searcher))
    assert [(s.origin, s.group, s.answerable, s.hidden, s.correct) for s in found] == [
        ("pond", "pond:q2", True, False, True),
        ("pond", "pond:q2", False, True, False),
    ]
    own = samples_of(QUESTIONS[:1], Collection.of(shared_searcher))
    assert [s.features for s in found] == [s.features for s in own]
