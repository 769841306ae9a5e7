"""The rule that decides whether the articles answer, fitted to the questions of a collection."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app.answering.calibration import Calibration
from app.answering.decision import FEATURES, Features, ReadRule, Rule
from eval.measures import auroc, error_bound
from eval.samples import EVERYDAY_SET, Sample
from index.errors import UserError
from index.stores.certificate import Certificate

MOST_OUTSIDE = 0.005  # of the outside questions may be answered
LEAST_CORRECT = 0.95  # of the answers, where a threshold reaches it that keeps half of them
MOST_UNRELATED = 0.05  # of the answerable questions, riddles aside, may get the verdict `none`
_LEAST = 30  # questions of either kind
_LEAST_AUROC = 0.6  # chance is .5
_FOLDS = 5
# Weights of the kinds of samples in a fit, each spread evenly over the sets that have it.
_WORTH = {"answerable": 0.5, "outside": 0.25, "hidden": 0.15, "near-miss": 0.1}
_CURVE = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)

Supports = npt.NDArray[np.float64]


class Uncalibrated(UserError):
    """The questions do not allow a calibration."""


def calibrate(
    samples: Sequence[Sample], date: str, *, public: bool = False, read: Sequence[Sample] | None = None
) -> Calibration:
    """The rule fitted to all samples, with its figures from folds that it was not fitted on.

    With `public` the set's own questions choose the thresholds alone: the weights come from the others.
    `read` are the samples for the step of the reader, by default the same.

    Raises Uncalibrated where there are too few questions of a kind, or the two cannot be told apart.
    """
    answerable = [sample for sample in samples if sample.answerable]
    others = [sample for sample in samples if not sample.answerable and sample.origin != EVERYDAY_SET]
    if min(len(answerable), len(others)) < _LEAST:
        raise Uncalibrated(
            f"uncalibrated: {len(answerable)} questions that the articles answer and {len(others)} that they do not "
            f"(asked with their articles hidden included) are too few; {_LEAST} of each are needed. "
            "The default rule goes on deciding. Add questions: python -m eval check --template"
        )
    teaching = [bool(sample.origin) or not public for sample in samples]
    held_out = _held_out(samples, teaching)
    yes = held_out[[sample.answerable for sample in samples]]
    no = held_out[[not sample.answerable for sample in samples]]
    area = auroc(yes.tolist(), no.tolist()) or 0.0
    if area < _LEAST_AUROC:
        raise Uncalibrated(
            f"uncalibrated: answerable and unanswerable questions look alike here (AUROC {area:.2f}, chance is .5). "
            "The default rule goes on deciding. See that gold quotes and unanswerable questions are right: "
            "python -m eval check"
        )
    rule = _with_thresholds(_fitted(list(compress(samples, teaching))), *thresholds(samples, held_out))
    return Calibration(
        rule=replace(rule, read=_read_rule(rule, samples if read is None else read, public=public)),
        date=date,
        answerable=len(answerable),
        unanswerable=sum(not sample.hidden for sample in others),
        hidden=sum(sample.hidden for sample in others),
        auroc=round(area, 4),
        curve=tuple((rate, round(float((no < np.quantile(yes, rate, method="lower")).mean()), 4)) for rate in _CURVE),
    )


def thresholds(samples: Sequence[Sample], supports: Supports) -> tuple[float, float]:
    """The lowest supports at which the articles answer, and at which passages are related.

    From the first on at most MOST_OUTSIDE of the outside questions are answered, and LEAST_CORRECT of
    the answers are right unless that costs more than half of them. Below the second are at most
    MOST_UNRELATED of the answerable questions of any set, riddles aside.
    """
    outside = supports[[sample.kind == "outside" for sample in samples]]
    answer = _lowest_right(samples, supports, above=_exceeded_by(outside, MOST_OUTSIDE))
    plain = np.array([sample.answerable and sample.kind != "riddle" for sample in samples])
    origins = np.array([sample.origin for sample in samples])
    sets = [supports[plain & (origins == origin)] for origin in set(origins[plain])]
    related = [float(np.quantile(own, MOST_UNRELATED, method="lower")) for own in sets]
    return answer, min(answer, *related)


def _exceeded_by(supports: Supports, share: float) -> float:
    """The lowest of these supports that no more than a share of them exceeds, or one: it may be labelled wrongly."""
    surest = np.sort(supports)[::-1]
    return float(surest[min(max(int(share * len(surest)), 1), len(surest) - 1)]) if len(surest) else -np.inf


def _lowest_right(samples: Sequence[Sample], supports: Supports, above: float) -> float:
    """The lowest support of an answerable question that exceeds `above` and from which on LEAST_CORRECT are right.

    Where that would leave less than half of them, the lowest one.
    """
    pairs = [
        (float(support), sample.correct)
        for support, sample in zip(supports, samples, strict=True)
        if sample.answerable and support > above
    ]
    if not pairs:
        return float(np.nextafter(above, np.inf))
    surest = sorted(pairs, reverse=True)
    right = np.cumsum([correct for _, correct in surest]) / np.arange(1, len(surest) + 1)
    counts = np.flatnonzero(right >= LEAST_CORRECT) + 1
    most = int(counts[-1]) if len(counts) and 2 * counts[-1] >= len(surest) else len(surest)
    return surest[most - 1][0]


def _with_thresholds(rule: Rule, answer: float, related: float) -> Rule:
    """The rule whose support is 0 where that of `rule` is `answer`."""
    return replace(rule, bias=round(rule.bias - answer, 3), related=round(related - answer, 3))


def _decided(samples: Sequence[Sample]) -> Rule:
    """The rule fitted to these samples, its thresholds chosen on folds that it was not fitted on."""
    rule = _with_thresholds(_fitted(samples), *thresholds(samples, _held_out(samples, [True] * len(samples))))
    return replace(rule, read=_read_rule(rule, samples, public=False))


def _read_rule(rule: Rule, samples: Sequence[Sample], *, public: bool) -> ReadRule | None:
    """The step of the reader, fitted to the samples that were read; None where they are too few of a kind.

    It has two weights for hundreds of samples, so its thresholds are chosen on the samples that it was fitted to.
    """
    read = [sample for sample in samples if sample.features.relevance is not None]
    taught = [sample for sample in read if sample.origin or not public]
    kinds = [sample.answerable for sample in taught]
    if min(sum(kinds), len(kinds) - sum(kinds)) < _LEAST:
        return None
    bias, slopes = _logistic(np.array([_evidence(rule, sample.features) for sample in taught]), taught)
    supports = np.array([_evidence(rule, sample.features) for sample in read]) @ slopes + bias
    answer, related = thresholds(read, supports)
    found, relevance = (round(float(slope), 3) for slope in slopes)
    return ReadRule(round(bias - answer, 3), found, relevance, round(related - answer, 3))


def _evidence(rule: Rule, features: Features) -> list[float]:
    """Features of the reader's step: the support before reading, and the relevance."""
    return [rule.found(features), features.relevance or 0.0]


def certificate(samples: Sequence[Sample], articles: Sequence[str]) -> Certificate | None:
    """How many answers are wrong by rules whose weights and thresholds other folds gave; None without answers.

    `articles` are the fingerprints of the articles that were asked. Only the set's own questions count,
    as they were asked. An answer where the articles do not say is wrong.
    """
    answers = [
        samples[place]
        for learnt, asked in GroupKFold(_FOLDS).split(samples, groups=[sample.group for sample in samples])
        for rule in (_decided([samples[place] for place in learnt]),)
        for place in asked
        if not (samples[place].hidden or samples[place].origin) and rule.support(samples[place].features) >= 0
    ]
    wrong = sum(not sample.correct for sample in answers)
    bound = round(error_bound(wrong, len(answers)), 4)
    return Certificate(len(answers), wrong, bound, tuple(articles)) if answers else None


def _held_out(samples: Sequence[Sample], teaching: Sequence[bool]) -> npt.NDArray[np.float64]:
    """The first step's support of every sample by a rule fitted on the teaching samples of the folds without it."""
    support = np.zeros(len(samples))
    groups = [sample.group for sample in samples]
    for learnt, asked in GroupKFold(_FOLDS).split(samples, groups=groups):
        rule = _fitted([samples[place] for place in learnt if teaching[place]])
        for place in asked:
            support[place] = rule.found(samples[place].features)
    return support


def _fitted(samples: Sequence[Sample]) -> Rule:
    """The first step of a rule, fitted to these samples."""
    columns = np.array([[getattr(sample.features, name) for name in FEATURES] for sample in samples])
    bias, slopes = _logistic(columns, samples)
    sentence, coverage, missing, contrast = (round(float(slope), 3) for slope in slopes)
    return Rule(round(bias, 3), sentence, coverage, missing, contrast)


def _logistic(columns: Supports, samples: Sequence[Sample]) -> tuple[float, Supports]:
    """Bias and weights of a logistic regression on these columns, shape (samples, features), by kinds' worth."""
    mean, spread = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-9)
    counts = Counter((sample.origin, sample.worth) for sample in samples)
    sets = Counter(worth for _, worth in counts)
    weights = np.array([_WORTH[s.worth] / sets[s.worth] / counts[s.origin, s.worth] for s in samples])
    model = LogisticRegression(max_iter=1000)
    model.fit(
        (columns - mean) / spread,
        [sample.answerable for sample in samples],
        sample_weight=weights * len(samples) / weights.sum(),
    )
    slopes = model.coef_[0] / spread
    return float(model.intercept_[0] - slopes @ mean), slopes
