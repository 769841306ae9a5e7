"""The vectors of a table of passages: taken from where they are known, else encoded, equal passages once."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from index.arrays import Bytes, Halves, Scales
from index.encoder.encoder import Encoder
from index.encoder.quantization import in_bytes
from index.ingestion.passage_keys import Keys
from index.passages.sentences import Span
from index.passages.tables import Tables

BATCH = 256  # passages handed to the encoder at once: what a build that is stopped may lose


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of one passage as a build keeps them.

    `passage` has shape (dimension,); a sentence's vector is its row of `sentences`, shape
    (sentences, dimension), times its scale.
    """

    passage: Halves
    sentences: Bytes
    scales: Scales


Record: TypeAlias = tuple[bytes, PassageVectors]
"""A passage's key and its vectors."""


class VectorSource(Protocol):
    """A place that holds the vectors of passages encoded before."""

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of the passage with this key, or None."""


class TableVectors:
    """The vectors of a table's passages and sentences in memory, filled in any order."""

    def __init__(self, rows: Tables, dimension: int) -> None:
        self._first = np.append(rows.passages["first"], len(rows.sentences))
        self.passages = np.zeros((len(rows.passages), dimension), np.float16)
        self.sentences = np.zeros((len(rows.sentences), dimension), np.int8)
        self.scales = np.zeros(len(rows.sentences), np.float32)

    def put(self, rows: Iterable[int], vectors: PassageVectors) -> None:
        """Set the vectors of equal passages."""
        for row in rows:
            own = slice(self._first[row], self._first[row + 1])
            self.passages[row] = vectors.passage
            self.sentences[own], self.scales[own] = vectors.sentences, vectors.scales

    def of(self, first: int, end: int) -> tuple[Halves, Bytes, Scales]:
        """The vectors of the passages in rows `first` to `end`, of their sentences, and the scales of these."""
        own = slice(self._first[first], self._first[end])
        return self.passages[first:end], self.sentences[own], self.scales[own]


class Encoded(NamedTuple):
    """The vectors of a table, how many passages were encoded for it, and how many rows each source had."""

    vectors: TableVectors
    encoded: int
    taken: list[int]


def passage_keys(rows: Tables, texts: Iterable[str]) -> Iterator[bytes]:
    """One key a passage, 32 bytes: equal where the text and the places of the sentences in it are."""
    for passage, text in zip(rows.passages, texts, strict=True):
        raw = text.encode()
        spans = rows.sentences[passage["first"] : passage["first"] + passage["count"]].view("<i4") - passage["start"]
        yield hashlib.sha256(len(raw).to_bytes(8, "little") + raw + spans.tobytes()).digest()


def encode(
    rows: Tables,
    texts: Sequence[str],
    encoder: Encoder,
    *,
    known: Sequence[VectorSource] = (),
    keep: Callable[[Sequence[Record]], None] | None = None,
) -> Encoded:
    """The vectors of every row; only passages that no source in `known` has are encoded.

    Each batch is handed to `keep` as soon as it is encoded. Which passages share a batch moves what a
    neural encoder returns in bfloat16 by about .001: vectors taken from another run have a cosine of
    .9999 or more with those of a full run.
    """
    keys = Keys(passage_keys(rows, texts))
    vectors = TableVectors(rows, encoder.dimension)
    taken = [0] * len(known)
    missing: list[int] = []
    for key, own_rows in keys.distinct():
        source, known_vectors = _look_up(key, known)
        if known_vectors:
            vectors.put(own_rows, known_vectors)
            taken[source] += len(own_rows)
        else:
            missing.append(int(own_rows[0]))
    for batch in _batches(missing, rows, texts, encoder):
        records = [(keys[row], own) for row, own in batch]
        if keep:
            keep(records)
        for key, own in records:
            vectors.put(keys.rows(key), own)
    return Encoded(vectors, len(missing), taken)


def _look_up(key: bytes, known: Sequence[VectorSource]) -> tuple[int, PassageVectors | None]:
    """The first place that has the key, and what it has."""
    for source, place in enumerate(known):
        if found := place.find(key):
            return source, found
    return -1, None


def _batches(
    wanted: Sequence[int], rows: Tables, texts: Sequence[str], encoder: Encoder
) -> Iterator[list[tuple[int, PassageVectors]]]:
    """The wanted rows with their vectors, in batches of like length, the longest first."""
    by_row = {row: texts[row] for row in wanted}
    longest_first = sorted(by_row, key=lambda row: -len(by_row[row]))
    for start in range(0, len(longest_first), BATCH):
        batch = longest_first[start : start + BATCH]
        yield _encoded(batch, [by_row[row] for row in batch], rows, encoder)


def _encoded(batch: list[int], texts: list[str], rows: Tables, encoder: Encoder) -> list[tuple[int, PassageVectors]]:
    spans = [_relative_spans(rows, row) for row in batch]
    whole, parts = encoder.passages(texts, spans)
    ends = np.cumsum([len(own) for own in spans])[:-1]
    own, scales = in_bytes(parts)
    vectors = zip(whole.astype(np.float16), np.split(own, ends), np.split(scales, ends), strict=True)
    return [(row, PassageVectors(*each)) for row, each in zip(batch, vectors, strict=True)]


def _relative_spans(rows: Tables, row: int) -> list[Span]:
    passage = rows.passages[row]
    own = rows.sentences[passage["first"] : passage["first"] + passage["count"]]
    start = int(passage["start"])
    return [(int(sentence["start"]) - start, int(sentence["end"]) - start) for sentence in own]
