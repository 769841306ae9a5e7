"""An encoded query: its embedding for dense retrieval, its terms and their idf for BM25. Signals of passages for it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from types import MappingProxyType
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import Scores, Vectors
from index.articles.dates import written_out
from index.encoder.encoder import Encoder
from index.ingestion.background import Background
from index.keywords.tokenizer import has_words, tokenise
from index.keywords.vocabulary import Vocabulary, inverse_document_frequencies
from index.patterns import lazy

_CACHED = 64  # questions: one is searched again where its first hits are all of one article, or read before another
_TINY = 1e-9  # length of a vector that has no direction
Pieces: TypeAlias = Mapping[str, Sequence[str]]
"""Texts that are encoded in pieces, each with its pieces."""
WHOLE: Pieces = MappingProxyType({})
_USUAL_TERMS = 8  # of a question, those with the highest idf; more of them make it a long question


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A text to search for: its tokens, its terms with their idf, and its vector.

    `max_bm25` is the limit of the BM25 of a short passage with all terms. `vocabulary_coverage` in
    [0, 1] weighs the dense signals: how far the encoder's vocabulary covers the text.
    `length_factor`, 1 or more, weighs the terms: the idf of all terms by that of the best eight.
    """

    tokens: list[str]
    words: dict[str, float]
    vector: Vectors
    max_bm25: float
    vocabulary_coverage: float
    length_factor: float

    def idf_shares(self) -> dict[str, float]:
        """The idf of each term as a share of the sum over all terms."""
        total = sum(self.words.values())
        return {word: idf / total for word, idf in self.words.items()}


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of some passages for one query.

    `passages` (cosines) and `bm25` (BM25 divided by `max_bm25`) have one value a passage. `sentences`
    (cosines) and `words` (share of the query's terms, by idf) have one value a sentence; the
    sentences of passage n begin at `first[n]`. The last two fields are those of the query.
    """

    passages: Scores
    sentences: Scores
    words: Scores
    first: npt.NDArray[np.int64]
    bm25: Scores
    vocabulary_coverage: float = 1.0
    length_factor: float = 1.0

    def standardised(self, background: Background) -> "Signals":
        """The same signals with cosines that are standardised by the background of the encoder."""
        passages, sentences = background.standardised(self.passages), background.standardised(self.sentences)
        return replace(self, passages=passages, sentences=sentences)

    def best(self, of_sentences: Scores) -> Scores:
        """The highest sentence value of each passage."""
        return np.asarray(np.maximum.reduceat(of_sentences, self.first), np.float32)


# Chinese words that only ask.
_HAN_ASKING = lazy(
    "请问|多少(?:钱)?|什么(?:时候|时间)?|为什么|怎么样?|怎样|哪里|哪儿|哪[些个](?=[^一])|是谁|由谁|谁|几[点号]|吗|呢|是不是|有没有"
    "|能不能|可不可以|要不要|[？?]"
)
# English words that only ask, before what is asked: "Could you please tell me …", "I was wondering …".
_ENGLISH_ASKING = lazy(
    r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|please|so|and|ok|okay|well)\b"
    r"[^?!.,]{0,30}?[,!.]? )?"
    r"(?:(?:please|kindly) )?(?:"
    r"(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody) (?:please |kindly |perhaps )?"
    r"(?:tell|inform|remind|show|explain to|confirm(?: to)?|let)(?: (?:me|us))?(?: know)?"
    r"|(?:tell|inform|remind) (?:me|us)|let (?:me|us) know|(?<=please )confirm"
    r"|(?:i|we)(?:['’]m| am|['’]re| are| was| were)? (?:just )?(?:wondering|wondered|wonder)"
    r"|(?:i|we)(?:['’]d| would)? (?:like|want|need|have) to (?:know|find out|learn)|(?:i |we )?need to know"
    r"|(?:do|does|did) (?:you|anyone|anybody|someone) (?:happen to )?know"
    r"|(?:i|we)(?:['’]d| would) be (?:glad|grateful|happy) if you (?:could|would) "
    r"(?:tell (?:me|us)|confirm|let (?:me|us) know)"
    r")\b(?: (?:whether|if|about))?(?=.*\w)",
    re.IGNORECASE,
)


class QuestionEncoder(Protocol):
    """The part of an `Encoder` that questions need."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question: shape (len(texts), dimension)."""

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens in the model's vocabulary, in [0, 1]."""


class CachedQuestions:
    """An encoder of questions with the vectors of the last ones; terms are not cached, since their idf may change.

    Threads may share it.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.known_shares = encoder.known_shares
        self._encoder = encoder
        self._last: dict[str, Vectors] = {}  # the latest at the end
        self._lock = Lock()

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question, of one or more: shape (len(texts), dimension)."""
        last = self._last
        vectors = {text: last[text] for text in texts if text in last}
        if new := [text for text in dict.fromkeys(texts) if text not in vectors]:
            vectors |= zip(new, self._encoder.questions(new), strict=True)
        with self._lock:
            others = {text: vector for text, vector in self._last.items() if text not in vectors}
            self._last = dict(list({**others, **vectors}.items())[-_CACHED:])
        return np.asarray([vectors[text] for text in texts], np.float32)


def encoder_texts(text: str, pieces: Pieces) -> list[str]:
    """The texts that the encoder is given for a text."""
    return [written_out(piece) for piece in pieces.get(text, (text,))]


def encode_queries(
    texts: Sequence[str],
    vocabulary: Vocabulary,
    encoder: QuestionEncoder,
    corrections: Mapping[str, str],
    pieces: Pieces = WHOLE,
) -> list[EncodedQuery]:
    """The encoded texts, from one pass of the encoder; `corrections` maps terms to the terms to search instead.

    The vector of a text in `pieces` is the mean of those of its pieces, weighed by length, as the vector of a text is
    the mean of its tokens.
    """
    made_of = {text: encoder_texts(text, pieces) for text in texts}
    parts = list(dict.fromkeys(part for parts in made_of.values() for part in parts))
    encoded = dict(zip(parts, encoder.questions(parts), strict=True))
    known_shares = encoder.known_shares([written_out(text) for text in texts])
    tokenised = [[corrections.get(token, token) for token in tokenise(_asked_for(text))] for text in texts]
    idfs = inverse_document_frequencies(set().union(*tokenised), vocabulary)
    return [
        _encoded_query(tokens, idfs, _mean([(len(part), encoded[part]) for part in made_of[text]]), share)
        for text, tokens, share in zip(texts, tokenised, known_shares, strict=True)
    ]


def _asked_for(text: str) -> str:
    """The text without words that only ask: they would count as missing terms, the Chinese ones cut into pairs."""
    rest = _ENGLISH_ASKING.sub(" ", _HAN_ASKING.sub(" ", text))
    return rest if has_words(rest) else text


def _mean(weighed: Sequence[tuple[int, Vectors]]) -> Vectors:
    """The unit vector of a weighted mean of vectors; a single one as it is."""
    if len(weighed) == 1:
        return weighed[0][1]
    total = sum(weight * vector for weight, vector in weighed)
    return np.asarray(total / max(float(np.linalg.norm(total)), _TINY), np.float32)


def _encoded_query(tokens: list[str], idfs: Mapping[str, float], vector: Vectors, known_share: float) -> EncodedQuery:
    words = {token: idfs[token] for token in tokens}
    weights = sorted((times * words[token] for token, times in Counter(tokens).items()), reverse=True)
    return EncodedQuery(
        tokens=tokens,
        words=words,
        vector=vector,
        max_bm25=sum(weights),
        vocabulary_coverage=vocabulary_coverage(known_share),
        length_factor=sum(weights) / sum(weights[:_USUAL_TERMS]) if weights else 1.0,
    )


def vocabulary_coverage(known_share: float) -> float:
    """Vocabulary coverage in [0, 1] by the share of a text that the encoder knows; 0 up to a share of one half."""
    return max(0.0, 2 * known_share - 1)
