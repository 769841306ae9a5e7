"""What a search gives: passages with their scores, and what those rest on."""

from dataclasses import dataclass

from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.highlight import coverage, marked_sentence, words_of
from index.search.ranking import Ranked, Views


@dataclass(frozen=True, slots=True)
class Signals:
    """What a hit rests on: two cosines in [-1, 1], BM25 from 0 up, and shares in [0, 1].

    `coverage` is the share (by idf) of the question's words that the passage holds. `contrast` is
    how far its score stands above that of the twentieth candidate. `missing` tells how rare the
    rarest of the question's names is that neither passage nor title holds: 0 where all are there,
    1 for one that no passage of the build holds. With a context that leads, all but the names are
    those of question and context together.
    """

    passage: float
    sentence: float
    bm25: float
    coverage: float
    contrast: float = 0.0
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its best sentence (a span of the article) and its score in [0, 1]: higher is nearer.

    `also_in` names the other articles that hold the same text, but for a word in ten.
    """

    passage: Passage
    best_sentence: Span
    score: float
    signals: Signals
    also_in: tuple[str, ...] = ()


def hit_of(found: Ranked, read: Views, place: int, *, score: float, also_in: tuple[str, ...]) -> Hit:
    """The hit at a place of what was found, with this score."""
    passage, view, signals = found.candidates.passage(place), read.understood, found.found
    first = int(signals.first[place])
    own = signals.sentences[first : first + len(found.candidates.sentences(place))]
    told = Signals(
        passage=float(signals.passages[place]),
        sentence=float(own.max()),
        bm25=float(signals.bm25[place]) * view.most,
        coverage=coverage(view.words, passage.text),
        contrast=float(found.scores[place]) - found.contrasted,
        missing=_missing(read, passage),
    )
    best = marked_sentence(found.candidates, place, view, own)
    return Hit(passage, best, min(max(score, 0.0), 1.0), told, also_in)


def _missing(read: Views, passage: Passage) -> float:
    """How much the rarest of the names tells that neither passage nor title holds, of the most a word can."""
    held = words_of(passage.text) | words_of(passage.article.title)
    return max((told for name, told in read.names.items() if name not in held), default=0.0)
