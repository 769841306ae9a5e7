"""An answer: numbered citations whose quotes are the articles' own characters, and what is said beside them."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.answering.citation import Citation
from app.answering.conversation.smalltalk import Help
from app.answering.conversation.steps import Step
from app.answering.decision import Verdict
from app.answering.inventory.listing import Listing
from app.answering.ways.forms.comparisons import Side
from app.answering.ways.way import Mention
from index.articles.filters import EVERYTHING, Filters
from index.keywords.tokenizer import terms
from index.search.hits import Hit
from index.search.searcher import Reading

K = 5  # citations of an answer, unless asked otherwise
MAX_K = 20
SPELLING = "spelling"  # what `ignore` says for a question whose words are to be read as they are spelt
LISTING = "listing"  # kind of the mention of a question about the collection itself
FILTERS_EMPTY = "filters_empty"  # the note of an answer whose filters left nothing to search
KEYWORDS_SILENT = "keywords_silent"  # of one with whose question no article shares a word
VECTORS_SILENT = "vectors_silent"  # of one whose question the encoder cannot read
UNREADABLE = "unreadable"  # of one with neither
NOTES = (FILTERS_EMPTY, KEYWORDS_SILENT, VECTORS_SILENT, UNREADABLE)
NO_MORE = "no_more"  # of a step from an answer that has no further passages
OTHER_LANGUAGE = "other_language"  # of a refused question in a language that no article is in; codes follow
INCOMPLETE = "incomplete"  # of one from all servers but one, which does not answer; how many there are follows
NOTES_ON_REPLY = (NO_MORE, OTHER_LANGUAGE, INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer a question as `citations`, or else the nearest passages as `closest`.

    A follow-up was read as the question `read_as`, or is a `step` from the answer to that; `history_used` holds the
    questions before it. `section` names the part of the articles that was preferred. `help` is the reply to small talk,
    for which nothing is searched. `listing` answers a question about the collection itself, whose first
    articles are the citations. `absent` holds the numbers and rare names that are asked for and stand
    in no shown passage, as typed. `next` holds headings and titles that can be asked next, `sides` those
    of a comparison. `support` is the log-odds that the verdict rests on, for measuring alone: no person is shown it.
    """

    question: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    build: str
    support: float
    history_used: tuple[str, ...] = ()
    read_as: str = ""
    step: Step | None = None
    section: str | None = None
    filters: Filters = EVERYTHING
    preferences: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()
    respelled: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    help: Help | None = None
    listing: Listing | None = None

    @property
    def answered(self) -> bool:
        """Whether the verdict is `answer`."""
        return self.verdict == "answer"

    def to_json(self) -> dict[str, Any]:
        """The answer as the HTTP interface and `app ask --json` give it."""
        fields = {
            "question": self.question,
            "verdict": self.verdict,
            "answered": self.answered,
            **dataclasses.asdict(self),
            "filters": self.filters.to_json(),
            "preferences": [mention.to_json() for mention in self.preferences],
        }
        return {name: value for name, value in fields.items() if name != "support"}


def notes_of(reading: Reading, found: Sequence[Citation], *, filtered: bool) -> tuple[str, ...]:
    """Keys of the notes shown beside the passages, in the order of NOTES."""
    said = {
        FILTERS_EMPTY: filtered and not found,
        KEYWORDS_SILENT: reading.keywords_silent and not reading.vectors_silent and bool(found),
        VECTORS_SILENT: reading.vectors_silent and not reading.keywords_silent and bool(found),
        UNREADABLE: reading.keywords_silent and reading.vectors_silent,
    }
    return tuple(note for note in NOTES if said[note])


def respelled_in(text: str, reading: Reading, hits: Sequence[Hit]) -> dict[str, str]:
    """Corrected words: as typed in the question -> as spelt in a shown passage, else in a shown article."""
    if not reading.respelled:
        return {}
    texts = [*(hit.passage.article.text for hit in reversed(hits)), *(hit.passage.text for hit in reversed(hits))]
    written = {term: word for shown in texts for word, term in terms(shown)}
    corrected = ((word, written.get(reading.respelled.get(term, ""))) for word, term in terms(text))
    return {word: spelt for word, spelt in corrected if spelt}
