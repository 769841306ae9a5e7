"""What a hit rests on, and which of its sentences is marked."""

from index.arrays import Scores
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.hits import Hit, Signals, best_sentence, coverage, words_of
from index.search.query import Asked
from index.search.ranking import EncodedQuestion, Ranked
from index.search.store import Candidates


def hit_of(found: Ranked, read: EncodedQuestion, place: int, *, score: float, also_in: tuple[str, ...]) -> Hit:
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


def marked_sentence(candidates: Candidates, place: int, view: Asked, cosines: Scores) -> Span:
    """The span of the sentence that answers, of a candidate whose sentences have these cosines."""
    spans, article = candidates.sentences(place), candidates.passage(place).article
    sentences = [article.text[start:end] for start, end in spans]
    return spans[best_sentence(sentences, view.known * cosines, view.words, article.title)]


def _missing(read: EncodedQuestion, passage: Passage) -> float:
    """How much the rarest of the names tells that neither passage nor title holds, of the most a word can."""
    held = words_of(passage.text) | words_of(passage.article.title)
    return max((told for name, told in read.names.items() if name not in held), default=0.0)
