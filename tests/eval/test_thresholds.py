"""Where an answer begins and where passages are related, and the certificate of both."""

from dataclasses import replace

import numpy as np

from app.answering.decision import Features
from eval.calibration import certificate, thresholds
from eval.samples import Sample

ANSWERABLE = Sample("", "", Features(0.0, 0.0, 0.0), answerable=True, kind="fact", correct=True)
WRONG = replace(ANSWERABLE, correct=False)
RIDDLE = replace(ANSWERABLE, kind="riddle")
OUTSIDE = replace(WRONG, answerable=False, kind="outside")


def chosen(*groups: tuple[Sample, list[float]]) -> tuple[float, float]:
    samples = [sample for sample, supports in groups for _ in supports]
    return thresholds(samples, np.array([support for _, supports in groups for support in supports]))


def evenly(low: float, high: float, count: int) -> list[float]:
    return [float(value) for value in np.linspace(low, high, count).round(6)]


def test_an_answer_begins_where_at_most_five_of_a_thousand_outside_questions_pass_or_one_of_fewer() -> None:
    outside = [*evenly(-10, -0.1, 995), 1.0, 2.0, 3.0, 4.0, 4.5]
    assert chosen((OUTSIDE, outside), (ANSWERABLE, evenly(-2, 5, 141))) == (-0.05, -1.65)
    assert chosen((OUTSIDE, [*outside[:994], 0.5, *outside[995:]]), (ANSWERABLE, evenly(-2, 5, 141)))[0] == 0.55
    assert chosen((OUTSIDE, outside[-100:]), (ANSWERABLE, evenly(-2, 5, 141)))[0] == 4.05


def test_an_answer_begins_later_where_too_few_of_those_before_are_right() -> None:
    outside = evenly(-10, -1, 40)
    right, wrong = evenly(1, 2, 95), evenly(0.1, 0.9, 9)
    assert chosen((OUTSIDE, outside), (ANSWERABLE, right), (WRONG, wrong))[0] == 0.5  # 95 of 100 are right


def test_where_no_threshold_makes_enough_of_them_right_half_of_the_answers_are_not_given_up_for_it() -> None:
    outside = evenly(-10, -1, 40)
    assert chosen((OUTSIDE, outside), (ANSWERABLE, evenly(1, 2, 40)), (WRONG, evenly(0.1, 0.9, 60)))[0] == 0.1


def test_passages_are_related_down_to_the_worst_twentieth_of_the_worst_set_riddles_aside() -> None:
    outside = (OUTSIDE, evenly(-10, 0.5, 100))
    near, far = (ANSWERABLE, evenly(1, 3, 101)), (replace(ANSWERABLE, origin="far"), evenly(-1, 1, 101))
    riddles = (RIDDLE, evenly(-9, -8, 50))
    assert chosen(outside, near, riddles)[1] == 1.0  # never above an answer's
    assert chosen(outside, near, far, riddles)[1] == -0.9


def certified(noise: float, wrong: int) -> list[Sample]:
    """100 questions with so many wrong answers, and 100 outside ones, of which the first looks like them."""
    random = np.random.default_rng(5)

    def asked(sample: Sample, sentence: float, number: int) -> Sample:
        value = sentence + float(random.uniform(-noise, noise))
        return replace(sample, group=f"{sample.kind}{number}", features=replace(sample.features, sentence=value))

    return [
        *(asked(WRONG if number < wrong else ANSWERABLE, 0.8, number) for number in range(100)),
        *(asked(OUTSIDE, 0.8 if number == 0 else 0.2, number) for number in range(100)),
    ]


def test_the_certificate_counts_wrong_answers_of_questions_that_others_decided() -> None:
    found = certificate(certified(0.0, 3), ["a1"])
    assert found is not None
    # 100 answerable questions, three without gold among their citations, and an outside one
    assert (found.answers, found.wrong, found.at_most, found.articles) == (101, 4, 0.0883, ("a1",))


def test_questions_with_hidden_articles_and_those_of_public_sets_are_not_certified() -> None:
    samples = certified(0.05, 0)
    low = replace(samples[0].features, sentence=0.1)
    hidden = [replace(each, features=low, answerable=False, hidden=True, correct=False) for each in samples[:100]]
    public = [replace(sample, origin="public", group=f"public {sample.group}") for sample in samples]
    found = certificate([*samples[:100], *samples[101:], *hidden, *public], [])
    assert found is not None
    assert found.wrong == 0
    assert 90 <= found.answers <= 100
