"""A way to ask: how it is recognised in a question, and its effects on the search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.answering.decision import Verdict
from index.arrays import Scores
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.keywords.vocabulary import Vocabulary
from index.passages.chunking import Passage
from index.search.hits import Hit


@dataclass(frozen=True, slots=True)
class Mention:
    """A part of a question that was recognised: the way's kind, the value it means, and the question's words."""

    kind: str
    value: str
    text: str

    @property
    def key(self) -> str:
        """Key to ignore it by: `published:2025-01`, `publisher:Xinhua`."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a way may look up: metadata and words of the articles that whoever asks may see, and today's date."""

    facets: Facets
    articles: Catalogue
    today: date
    vocabulary: Vocabulary


class Way:
    """A way to ask. An effect that a way does not have is left as it is here: nothing."""

    kind: ClassVar[str]
    depth: ClassVar[int] = 0  # hits that `ordered` has to see
    notes: ClassVar[tuple[str, ...]] = ()  # names of the notes that it may give

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The mentions in the text of a question, in order."""
        raise NotImplementedError

    def tells(self, mention: Mention, known: Known) -> bool:
        """Whether the mention is worth a chip: whether it tells some articles from others."""
        return True

    def reworded(self, text: str, mention: Mention) -> str:
        """The question to search for: without the words that are no subject."""
        return text

    def readings(self, text: str, mention: Mention) -> Sequence[str]:
        """Other wordings of the question whose passages are found as well."""
        return ()

    def weights(self, mention: Mention, known: Known) -> Scores | None:
        """The weight of each article by row, in [0, 1], that brings its passages forward; None for no effect."""
        return None

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The hits in the order that the mentions ask for; hits that they exclude are left out."""
        return hits

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """The verdict on these hits: at most the given one."""
        return verdict

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """Name of a note to show beside the passages: `note.NAME` of the interface texts, which may have a {value}."""
        return None

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether a passage is as the mention asks, for its explanation."""
        weights, row = self.weights(mention, known), known.articles.row(passage.article.id)
        return weights is not None and row is not None and bool(weights[row])
