"""Answers of two builds to the same questions: which were gained, lost or changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.pinned.pins import NO_PINS
from index.reading.freshness import Freshness
from index.search.questions.question import Question

Change: TypeAlias = Literal["gained", "lost", "changed", "same"]
CHANGES: tuple[Change, ...] = ("lost", "changed", "gained", "same")


@dataclass(frozen=True, slots=True)
class Difference:
    """A question, how often it was asked (0 for one of a set), and the first quote of its answer on each build.

    A quote is empty where the build does not answer.
    """

    question: str
    count: int
    before: str
    after: str
    articles: tuple[str, str]

    @property
    def change(self) -> Change:
        """The kind of change: answers are the same if they quote the same passage first."""
        if self.before == self.after:
            return "same"
        return "gained" if not self.before else "lost" if not self.after else "changed"


def as_built(collection: Collection) -> Collection:
    """The collection with its articles as they were when it was built, and with nothing pinned."""
    return replace(collection, freshness=Freshness(()), pins=NO_PINS)


def differences(
    questions: Iterable[tuple[Question, int]], before: Callable[[Question], Answer], after: Callable[[Question], Answer]
) -> list[Difference]:
    """The difference of each question."""
    found = []
    for question, count in questions:
        quotes = [_first(ask(question)) for ask in (before, after)]
        articles = (quotes[0][0], quotes[1][0])
        found.append(Difference(question.text, count, quotes[0][1], quotes[1][1], articles))
    return found


def differences_text(found: Sequence[Difference]) -> str:
    """The numbers of each kind, then each question whose answer is another, the most frequent first."""
    numbers = {change: sum(each.change == change for each in found) for change in CHANGES}
    lines = [", ".join(f"{count} {change}" for change, count in numbers.items())]
    for change in CHANGES[:-1]:
        for each in (each for each in found if each.change == change):
            lines.append(f"\n{change}: {each.question}{f'  (asked {each.count} times)' if each.count else ''}")
            for sign, quote, article in (("-", each.before, each.articles[0]), ("+", each.after, each.articles[1])):
                lines += [f"  {sign} {' '.join(quote.split())[:300]}  [{article}]"] if quote else []
    return "\n".join(lines)


def _first(answer: Answer) -> tuple[str, str]:
    """The article and the quote of the first citation; empty where nothing is answered."""
    return (answer.citations[0].article, answer.citations[0].quote) if answer.citations else ("", "")
