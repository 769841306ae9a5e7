"""Samples of a calibration: questions asked of a collection, with their features and what is known about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.answering.answer import K
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.decision import LOOKED_AT, Features
from app.answering.labelled.questions import LabelledQuestion
from eval.bench import documents
from eval.run import holds
from eval.sets.beir import Dataset, sources_of
from index.keywords.tokenizer import has_words
from index.search.hits import Hit
from index.search.questions.question import MAX_CHARACTERS, Question

EVERYDAY_SET = "everyday"  # origin of the questions that no collection answers


@dataclass(frozen=True, slots=True)
class Sample:
    """One question of a set as it was asked: its features, and whether the articles answer it.

    `group` is the same for a question as it is and with its articles `hidden`: the two are never
    parted in cross-validation. `correct` says whether one of the first five citations holds the answer.
    """

    origin: str
    group: str
    features: Features
    answerable: bool
    hidden: bool = False
    kind: str = ""
    correct: bool = False

    @property
    def worth(self) -> str:
        """The key of its weight in a fit."""
        if self.answerable or self.hidden:
            return "answerable" if self.answerable else "hidden"
        return "outside" if self.kind == "outside" else "near-miss"


def samples_of(questions: Iterable[LabelledQuestion], collection: Collection) -> list[Sample]:
    """Each question, and each answerable one once more without the articles that answer it."""
    found = []
    for question in questions:
        gold = {gold.article for part in question.gold for gold in part}
        for without, hits, told in _asked(collection, question.asked(), gold, question.today):
            correct = not without and any(_holds(hit, question) for hit in hits[:K])
            name = ("", question.id, told)
            found.append(Sample(*name, question.answerable and not without, bool(without), question.kind, correct))
    return found


def samples_of_dataset(dataset: Dataset, collection: Collection) -> list[Sample]:
    """The same for a public set with its unanswerable questions; every document of an answer's title is hidden."""
    titles = {article.id: article.title for article in dataset.articles}
    found = []
    for query in dataset.queries:
        if (query.relevant or query.unanswerable) and has_words(query.text):
            question = question_after(query.text[:MAX_CHARACTERS], query.earlier)
            gold = sources_of(query, titles) if query.relevant else set()
            for without, hits, told in _asked(collection, question, gold):
                correct = not without and any(name in query.relevant for name in documents(hits)[:K])
                name = (dataset.name, f"{dataset.name}:{query.id}", told)
                found.append(Sample(*name, bool(query.relevant) and not without, bool(without), correct=correct))
    return found


def outside_samples(texts: Iterable[str], collection: Collection, origin: str = EVERYDAY_SET) -> list[Sample]:
    """Questions about something else, asked of a collection; by default everyday ones belong to no set."""
    found = []
    for text in filter(has_words, texts):
        question = Question(text[:MAX_CHARACTERS])
        for _, _, told in _asked(collection, question, set()):
            found.append(Sample(origin, f"{origin}<{text}", told, answerable=False, kind="outside"))
    return found


def _asked(
    collection: Collection, question: Question, gold: set[str], today: date | None = None
) -> Iterable[tuple[set[str], list[Hit], Features]]:
    """The hidden articles, hits and features of a question as it is, and with its articles hidden if it has any."""
    for without in (set(), gold) if gold else (set(),):
        found = collection.retrieve(question, LOOKED_AT, exclude=without, today=today)
        if found.features:
            yield without, found.hits, found.features


def _holds(hit: Hit, question: LabelledQuestion) -> bool:
    passage = hit.passage
    return any(holds(passage.article.id, (passage.start, passage.end), part) for part in question.gold)
