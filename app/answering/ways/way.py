"""A way to ask: how it is recognised in a question, and its effects on the search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.answering.decision import Verdict
from app.answering.ways.words.synonyms import NO_SYNONYMS, Synonyms
from index.arrays import Scores
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.ingestion.background import UNKNOWN, Background
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

    def to_json(self) -> dict[str, str]:
        """The mention as the HTTP interface gives it."""
        return {"key": self.key, "kind": self.kind, "value": self.value, "text": self.text}


@dataclass(frozen=True, slots=True)
class Known:
    """Lookup for ways: metadata, words and acronyms of the articles that whoever asks may see, and today's date.

    `background` is that of the encoder on the collection.
    """

    facets: Facets
    articles: Catalogue
    today: date
    vocabulary: Vocabulary
    synonyms: Synonyms = NO_SYNONYMS
    background: Background = UNKNOWN


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

    def searches(self, mention: Mention) -> bool:
        """Whether the question is searched with the words of this mention as well."""
        return True

    def reworded(self, text: str, mention: Mention) -> str:
        """The question to search for: without the words that are no subject."""
        return text

    def readings(self, text: str, mention: Mention) -> Sequence[str]:
        """Other wordings of the question whose passages are found as well."""
        return ()

    def alone(self, text: str, mention: Mention) -> str | None:
        """The question about this mention alone, whose best passage is among the first; None for no such question."""
        return None

    def worth(self, passage: Passage, mention: Mention, others: Sequence[Mention]) -> float:
        """How far the passage is about this mention rather than the others, in [0, 1], where each is asked alone."""
        return 1.0

    def suits(self, passage: Passage, mention: Mention, wording: str) -> bool:
        """Whether the passage may be scored by this wording of the question: as asked, or one of the readings."""
        return True

    def weights(self, mention: Mention, known: Known) -> Scores | None:
        """The weight of each article by row, in [0, 1], that brings its passages forward; None for no effect."""
        return None

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The hits in the order that the mentions ask for; hits that they exclude are left out."""
        return hits

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the hits are all that the searched question asks for, so that the verdict is `answer`."""
        return False

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """The verdict on these hits: at most the given one."""
        return verdict

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """Name of a note to show beside the passages: `note.NAME` of the interface texts, which may have a {value}."""
        return None

    def explained(
        self, passage: Passage, mention: Mention, known: Known, search: Callable[[], Sequence[Hit]]
    ) -> bool | None:
        """Whether a passage is as the mention asks, for its explanation; None where that is no matter of the passage.

        `search` gives the hits of the question, for ways that compare them.
        """
        return self.fits(passage, mention, known)

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether a passage is as the mention asks, whatever the other passages are."""
        weights, row = self.weights(mention, known), known.articles.row(passage.article.id)
        return weights is not None and row is not None and bool(weights[row])
