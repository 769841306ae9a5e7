"""What a hit rests on, and which of its sentences is marked."""

import math

from index.fusion import Measured
from index.hits import Hit, Signals, best_sentence, coverage, words_of
from index.passages import Passage
from index.ranking import Ranked, Views
from index.sentences import Span
from index.signals import Asked
from index.snapshot import Snapshot


def hit_of(
    snapshot: Snapshot, found: Ranked, read: Views, place: int, *, score: float, also_in: tuple[str, ...]
) -> Hit:
    """The hit at a place of what was found, with this score."""
    row = int(found.rows[place])
    passage, view, signals = snapshot.passage(row), read.understood, found.found
    first = int(signals.first[place])
    own = signals.sentences[first : first + int(snapshot.rows.passages[row]["count"])]
    told = Signals(
        passage=float(signals.passages[place]),
        sentence=float(own.max()),
        bm25=float(signals.bm25[place]) * view.most,
        coverage=coverage(view.words, passage.text),
        contrast=float(found.scores[place]) - found.contrasted,
        missing=_missing(read, passage, snapshot),
    )
    return Hit(passage, marked_sentence(snapshot, row, place, view, signals), min(max(score, 0.0), 1.0), told, also_in)


def marked_sentence(snapshot: Snapshot, row: int, place: int, view: Asked, signals: Measured) -> Span:
    """The span of the sentence that answers, of the passage in a row that stands at a place of the signals."""
    spans, article = snapshot.sentences_of(row), snapshot.passage(row).article
    first = int(signals.first[place])
    cosines = view.known * signals.sentences[first : first + len(spans)]
    return spans[best_sentence([article.text[start:end] for start, end in spans], cosines, view.words, article.title)]


def _missing(read: Views, passage: Passage, snapshot: Snapshot) -> float:
    """How much the rarest of the names tells that neither passage nor title holds, of the most a word can."""
    held = words_of(passage.text) | words_of(passage.article.title)
    lacking = [snapshot.bm25.idf(name) for name in read.names if name not in held]
    return max(lacking, default=0.0) / math.log(2 * snapshot.bm25.passages + 2)
