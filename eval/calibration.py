"""The rule that decides whether the articles answer, fitted to the questions of a collection."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app.answering.calibration import Calibration
from app.answering.collection import Collection
from app.answering.decision import FEATURES, LOOKED_AT, Features, Rule, features
from app.answering.followup import question_after
from app.answering.questions import LabelledQuestion
from eval.beir import Dataset, sources_of
from eval.measures import auroc
from index.errors import UserError
from index.keywords.tokenizer import has_words
from index.search.questions.question import MAX_CHARACTERS, Question

MOST_REFUSED = 0.05  # of the answerable questions
_LEAST = 30  # questions of either kind
_LEAST_AUROC = 0.6  # chance is .5
_FOLDS = 5
_CURVE = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)


class Uncalibrated(UserError):
    """The questions do not allow a calibration."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question of a set as it was asked: its features, and whether the articles answer it.

    `group` is the same for a question as it is and with its articles `hidden`: the two are never
    parted in cross-validation.
    """

    origin: str
    group: str
    features: Features
    answerable: bool
    hidden: bool = False


def samples_of(questions: Iterable[LabelledQuestion], collection: Collection) -> list[Sample]:
    """Each question, and each answerable one once more without the articles that answer it."""
    found = []
    for question in questions:
        gold = {gold.article for part in question.gold for gold in part}
        found += _asked(collection, ("", question.id), question.asked(), gold)
    return found


def samples_of_dataset(dataset: Dataset, collection: Collection) -> list[Sample]:
    """The same for a public set; every document of an answer's title is hidden with it."""
    titles = {article.id: article.title for article in dataset.articles}
    found = []
    for query in dataset.queries:
        if query.relevant and has_words(query.text):
            hidden = sources_of(query, titles)
            name = (dataset.name, f"{dataset.name}:{query.id}")
            question = question_after(query.text[:MAX_CHARACTERS], query.earlier)
            found += _asked(collection, name, question, hidden)
    return found


def _asked(collection: Collection, name: tuple[str, str], question: Question, gold: set[str]) -> list[Sample]:
    samples = []
    for without in (set(), gold) if gold else (set(),):
        evidence = collection.retrieve(question, LOOKED_AT, exclude=without).evidence
        if evidence:
            told = features(evidence)
            samples.append(Sample(*name, told, answerable=bool(gold) and not without, hidden=bool(without)))
    return samples


def calibrate(samples: Sequence[Sample], date: str) -> Calibration:
    """The rule fitted to all samples, with its figures from folds that it was not fitted on.

    Logistic regression over standardised features, each kind of each set weighing the same; the
    bias is set so that of no set more than a twentieth of the answerable questions of those folds
    is refused. Raises Uncalibrated where there are too few questions of a kind, or the two cannot
    be told apart.
    """
    answerable = [sample for sample in samples if sample.answerable]
    others = [sample for sample in samples if not sample.answerable]
    if min(len(answerable), len(others)) < _LEAST:
        raise Uncalibrated(
            f"uncalibrated: {len(answerable)} questions that the articles answer and {len(others)} that they do not "
            f"(asked with their articles hidden included) are too few; {_LEAST} of each are needed. "
            "The default rule goes on deciding. Add questions: python -m eval check --template"
        )
    held_out = _held_out(samples)
    yes = held_out[[sample.answerable for sample in samples]]
    no = held_out[[not sample.answerable for sample in samples]]
    area = auroc(yes.tolist(), no.tolist()) or 0.0
    if area < _LEAST_AUROC:
        raise Uncalibrated(
            f"uncalibrated: answerable and unanswerable questions look alike here (AUROC {area:.2f}, chance is .5). "
            "The default rule goes on deciding. See that gold quotes and unanswerable questions are right: "
            "python -m eval check"
        )
    rule = _fitted(samples)
    origins = np.array([sample.origin for sample in answerable])
    least = min(float(np.quantile(yes[origins == origin], MOST_REFUSED, method="lower")) for origin in set(origins))
    return Calibration(
        rule=replace(rule, bias=round(rule.bias - least, 3)),
        date=date,
        answerable=len(answerable),
        unanswerable=sum(not sample.hidden for sample in others),
        hidden=sum(sample.hidden for sample in others),
        auroc=round(area, 4),
        curve=tuple((rate, round(float((no < np.quantile(yes, rate, method="lower")).mean()), 4)) for rate in _CURVE),
    )


def _held_out(samples: Sequence[Sample]) -> npt.NDArray[np.float64]:
    """The support of every sample by a rule fitted on the folds without its question."""
    support = np.zeros(len(samples))
    groups = [sample.group for sample in samples]
    for learnt, asked in GroupKFold(_FOLDS).split(samples, groups=groups):
        rule = _fitted([samples[place] for place in learnt])
        for place in asked:
            support[place] = rule.weighed(samples[place].features)
    return support


def _fitted(samples: Sequence[Sample]) -> Rule:
    columns = np.array([[getattr(sample.features, name) for name in FEATURES] for sample in samples])
    mean, spread = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-9)
    kinds = Counter((sample.origin, sample.answerable) for sample in samples)
    worth = np.array([1 / kinds[sample.origin, sample.answerable] for sample in samples])
    model = LogisticRegression(max_iter=1000)
    model.fit(
        (columns - mean) / spread,
        [sample.answerable for sample in samples],
        sample_weight=worth * len(samples) / len(kinds),
    )
    weights = model.coef_[0] / spread
    rounded = {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)}
    return Rule(round(float(model.intercept_[0] - weights @ mean), 3), **rounded)
