"""Extremes: "the cheapest", "the most pupils": the row of a table with that value comes first."""

from collections.abc import Iterable, Sequence

from app.answering.ways.ordering import fitting_first
from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import words_of
from index.search.hits import Hit
from index.search.values.extremes import asked_extremes, extreme_rows

_ALIKE = 0.3  # of the score of another hit, from which one with the row comes before it


class Extremes(Way):
    """A question for the highest or lowest value of something."""

    kind = "extreme"
    depth = 10

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The question, if it has a word such as "cheapest"."""
        if asked_extremes(text):
            yield Mention(self.kind, text, text)

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: whether an extreme is asked for is no matter of choice."""
        return False

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The passage of the first article whose marked row has the value before alike ones."""
        question, article = mentions[0].value, hits[0].passage.article if hits else None
        best, _ = extreme_rows(article, question, words_of(question)) if article else ((), ())
        return fitting_first(hits, lambda hit: hit.passage.article is article and hit.best_sentence[0] in best, _ALIKE)
