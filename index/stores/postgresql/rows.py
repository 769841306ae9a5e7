"""Articles and passages as rows of a database: columns written, and records read back from them."""

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from index.articles.article import Article
from index.articles.facets import stems
from index.articles.filters import folded, period
from index.ingestion.encoded_article import EncodedArticle
from index.keywords.sentence_terms import passage_terms
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.passages.tables import SENTENCE
from index.stores.postgresql.search.vocabulary import key, number

COLUMNS = (
    'article, start, "end", record_hash, length, first_day, last_day, labels, vector, keywords, terms, spans, words, '
    "scales, sentences"
)
# For a binary COPY; vectors and tsvectors are written as their bytes.
TYPES = ["text", "int4", "int4", "text", *["int4"] * 3, "text[]", *["bytea"] * 7]
TERM = np.dtype([("word", "<u8"), ("times", "<i4")])  # a term of a passage, its headings included
SENTENCE_WORD = np.dtype([("sentence", "<i4"), ("word", "<u8")])  # each word of a sentence once

_MAX_POSITIONS = 255  # of a word in a tsvector


@dataclass(frozen=True)
class ArticleRows:
    """An encoded article as rows to write."""

    encoded: EncodedArticle

    @cached_property
    def record_hash(self) -> str:
        """Hash of all fields of the article."""
        return record_hash(self.encoded.article)

    @cached_property
    def tokens(self) -> list[list[str]]:
        """The terms that BM25 indexes, for each passage."""
        return [passage_terms(self.encoded.article, *chunk.span) for chunk in self.encoded.chunks]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Numbers of articles, passages, sentences and words to add to the totals."""
        passages = len(self.encoded.chunks)
        return 1, passages, len(self.encoded.scales), sum(max(len(terms), 1) for terms in self.tokens)

    @property
    def words(self) -> Counter[str]:
        """Number of passages with each word."""
        return Counter(key(word) for terms in self.tokens for word in set(terms))

    @property
    def article(self) -> tuple[str, str, str, str, str, int]:
        """The columns of `articles`."""
        article = self.encoded.article
        line = json.dumps(_line(article), ensure_ascii=False)
        return article.id, self.record_hash, line, article.text, _blocks(article), len(self.encoded.chunks)

    def passages(self) -> Iterator[tuple[Any, ...]]:
        """The columns of `passages` for each passage, in the order of `COLUMNS`."""
        article = self.encoded.article
        first, last = period(article.published) if article.published else (0, 0)
        names = labels(article)
        first_sentence = 0
        for chunk, tokens, vector in zip(self.encoded.chunks, self.tokens, self.encoded.vectors, strict=True):
            rows = slice(first_sentence, first_sentence + len(chunk.sentences))
            first_sentence = rows.stop
            texts = [article.text[start:end] for start, end in chunk.sentences]
            yield (
                article.id,
                *chunk.span,
                self.record_hash,
                max(len(tokens), 1),
                first,
                last,
                names,
                struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes(),
                _tsvector(tokens),
                _terms(tokens),
                np.array(chunk.sentences, "<i4").tobytes(),
                _sentence_words(texts),
                self.encoded.scales[rows].astype("<f4").tobytes(),
                self.encoded.sentences[rows].tobytes(),
            )


def record_hash(article: Article) -> str:
    """Hash of all fields of an article."""
    parts = (json.dumps(_line(article), sort_keys=True), article.text, _blocks(article))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def labels(article: Article) -> list[str]:
    """Labels for filters and access: a letter for the kind, a colon, then the folded name."""
    publishers = (article.publisher, *(source.publisher for source in article.sources))
    kinds = {
        "p": publishers,
        "l": stems(article.language, "-"),
        "f": stems(article.id.rpartition("/")[0], "/"),
    }
    folded_labels = [label(kind, folded(name)) for kind, names in kinds.items() for name in names if folded(name)]
    return sorted({*folded_labels, *(label("g", group) for group in article.groups)})


def label(kind: str, name: str) -> str:
    """The label of a folded name."""
    return key(f"{kind}:{name}")


def article_of(line: Mapping[str, Any], text: str, blocks: Sequence[Sequence[Any]]) -> Article:
    """The article in the columns `metadata`, `text` and `blocks`. Raises as `Article.from_json` does."""
    return Article.from_json({**line, "text": text, "blocks": blocks})


def spans_of(raw: bytes) -> tuple[Span, ...]:
    """The spans of a passage's sentences."""
    return tuple((int(start), int(end)) for start, end in np.frombuffer(raw, SENTENCE).tolist())


def vectors_of(raw: Sequence[bytes]) -> Any:
    """Vectors from pgvector's binary format: shape (rows, dimension), half precision."""
    return np.array([np.frombuffer(vector, ">f2", offset=4) for vector in raw], np.float16)


def _line(article: Article) -> dict[str, Any]:
    return {name: value for name, value in article.to_json().items() if name not in ("text", "blocks")}


def _blocks(article: Article) -> str:
    return json.dumps(article.to_json()["blocks"])


def _tsvector(tokens: Sequence[str]) -> bytes:
    """A tsvector with positions 1 to n for a word with n occurrences, so that `ts_rank` depends on n."""
    times = Counter(map(key, tokens))
    words = (
        word.encode() + struct.pack(f">xH{count}H", count, *range(1, count + 1))
        for word, count in sorted((word, min(count, _MAX_POSITIONS)) for word, count in times.items())
    )
    return struct.pack(">i", len(times)) + b"".join(words)


def _terms(tokens: Sequence[str]) -> bytes:
    return np.array([(number(word), times) for word, times in Counter(tokens).items()], TERM).tobytes()


def _sentence_words(sentences: Sequence[str]) -> bytes:
    words = [(index, number(word)) for index, text in enumerate(sentences) for word in sorted(set(tokenise(text)))]
    return np.array(words, SENTENCE_WORD).tobytes()
