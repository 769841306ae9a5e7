"""Articles and passages as rows of a database: their columns, and what is read back from these."""

import dataclasses
import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from typing import Any

import numpy as np

from index.articles.article import Article, Block, Source
from index.articles.facets import stems
from index.articles.filters import folded, period
from index.ingestion.encoded_article import EncodedArticle
from index.keywords.sentence_terms import passage_terms
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.passages.tables import SENTENCE
from index.stores.postgresql.vocabulary import key, number

COLUMNS = (
    'article, start, "end", edition, length, first_day, last_day, labels, vector, keywords, terms, spans, words, '
    "scales, sentences"
)
TERM = np.dtype([("word", "<u8"), ("times", "<i4")])  # a word of a passage or of what it stands under
SENTENCE_WORD = np.dtype([("sentence", "<i4"), ("word", "<u8")])  # each word of a sentence once
COPY_HEAD, COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

_TEXT_TYPE = 25  # PostgreSQL's number of the type `text`
_MOST_POSITIONS = 255  # of a word that a tsvector keeps


@dataclass(frozen=True)
class ArticleRows:
    """An article and its passages on their way into a database."""

    encoded: EncodedArticle

    @cached_property
    def edition(self) -> str:
        """See `edition`."""
        return edition(self.encoded.article)

    @cached_property
    def tokens(self) -> list[list[str]]:
        """The terms that BM25 indexes, for each passage."""
        return [passage_terms(self.encoded.article, *chunk.span) for chunk in self.encoded.chunks]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Articles, passages, sentences and words: what the totals gain."""
        passages = len(self.encoded.chunks)
        return 1, passages, len(self.encoded.scales), sum(max(len(own), 1) for own in self.tokens)

    @property
    def words(self) -> Counter[str]:
        """How many of the passages have each word."""
        return Counter(key(word) for own in self.tokens for word in set(own))

    @property
    def article(self) -> tuple[str, str, str, str, str, int]:
        """The columns of `articles`."""
        article = self.encoded.article
        line = json.dumps(_line(article), ensure_ascii=False)
        return article.id, self.edition, line, article.text, _blocks(article), len(self.encoded.chunks)

    def passages(self) -> Iterator[bytes]:
        """A row of PostgreSQL's binary COPY for each passage, with the columns as `COLUMNS` names them."""
        article = self.encoded.article
        first, last = period(article.published) if article.published else (0, 0)
        named = _texts(labels(article))
        done = 0
        for chunk, tokens, vector in zip(self.encoded.chunks, self.tokens, self.encoded.vectors, strict=True):
            own = slice(done, done + len(chunk.sentences))
            done = own.stop
            texts = [article.text[start:end] for start, end in chunk.sentences]
            fields = (
                article.id.encode(),
                *map(_int, chunk.span),
                self.edition.encode(),
                *map(_int, (max(len(tokens), 1), first, last)),
                named,
                struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes(),
                _tsvector(tokens),
                _terms(tokens),
                np.array(chunk.sentences, "<i4").tobytes(),
                _held(texts),
                self.encoded.scales[own].astype("<f4").tobytes(),
                self.encoded.sentences[own].tobytes(),
            )
            yield struct.pack(">h", len(fields)) + b"".join(struct.pack(">i", len(raw)) + raw for raw in fields)


def edition(article: Article) -> str:
    """What changes with any field of an article."""
    parts = (json.dumps(_line(article), sort_keys=True), article.text, _blocks(article))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def labels(article: Article) -> list[str]:
    """What filters and access find an article by: a letter for the kind, then the name as it is compared."""
    publishers = (article.publisher, *(source.publisher for source in article.sources))
    kinds = {
        "p": publishers,
        "l": stems(article.language, "-"),
        "f": stems(article.id.rpartition("/")[0], "/"),
    }
    named = [label(kind, folded(name)) for kind, names in kinds.items() for name in names if folded(name)]
    return sorted({*named, *(label("g", group) for group in article.groups)})


def label(kind: str, name: str) -> str:
    """The label of a name as it is compared."""
    return key(f"{kind}:{name}")


def article_of(line: Mapping[str, Any], text: str, blocks: Sequence[Sequence[Any]]) -> Article:
    """The article with these fields. Raises ValueError or TypeError where they are none of an article."""
    return Article(
        **{
            **line,
            "text": text,
            "blocks": tuple(starmap(Block, blocks)),
            "pages": tuple(map(int, line["pages"])),
            "sources": tuple(Source(**source) for source in line["sources"]),
            "groups": tuple(map(str, line["groups"])),
        }
    )


def spans_of(raw: bytes) -> tuple[Span, ...]:
    """The spans of a passage's sentences."""
    return tuple((int(start), int(end)) for start, end in np.frombuffer(raw, SENTENCE).tolist())


def vectors_of(raw: Sequence[bytes]) -> Any:
    """The vectors of rows as pgvector sends them: shape (rows, dimension), half precision."""
    return np.stack([np.frombuffer(own, ">f2", offset=4) for own in raw]).astype(np.float16)


def _line(article: Article) -> dict[str, Any]:
    fields = dataclasses.asdict(dataclasses.replace(article, text="", blocks=()))
    return {name: value for name, value in fields.items() if name not in ("text", "blocks")}


def _blocks(article: Article) -> str:
    return json.dumps([[block.kind, block.start, block.end] for block in article.blocks])


def _int(value: int) -> bytes:
    return struct.pack(">i", value)


def _texts(values: Sequence[str]) -> bytes:
    if not values:
        return struct.pack(">iii", 0, 0, _TEXT_TYPE)
    raw = (value.encode() for value in values)
    head = struct.pack(">iiiii", 1, 0, _TEXT_TYPE, len(values), 1)
    return head + b"".join(struct.pack(">i", len(own)) + own for own in raw)


def _tsvector(tokens: Sequence[str]) -> bytes:
    """Each word with positions 1 to n where it stands n times: its rank then tells how often."""
    times = Counter(map(key, tokens))
    words = (
        word.encode() + struct.pack(f">xH{held}H", held, *range(1, held + 1))
        for word, held in sorted((word, min(count, _MOST_POSITIONS)) for word, count in times.items())
    )
    return struct.pack(">i", len(times)) + b"".join(words)


def _terms(tokens: Sequence[str]) -> bytes:
    return np.array([(number(word), times) for word, times in Counter(tokens).items()], TERM).tobytes()


def _held(sentences: Sequence[str]) -> bytes:
    own = [(place, number(word)) for place, text in enumerate(sentences) for word in sorted(set(tokenise(text)))]
    return np.array(own, SENTENCE_WORD).tobytes()
