"""The vectors of a table of passages: taken from earlier builds, else encoded, equal passages once."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import Bytes, Halves, Scales
from index.encoder.encoder import Encoder
from index.encoder.pooling import in_bytes
from index.ingestion.report import VectorSources
from index.passages.tables import Tables

BATCH = 256  # passages encoded at once, and lost at most when a build is stopped


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of a passage and its sentences as a build stores them.

    `passage` has shape (dimension,); a sentence's vector is its row of `sentences`, shape
    (sentences, dimension), times its scale.
    """

    passage: Halves
    sentences: Bytes
    scales: Scales


Record: TypeAlias = tuple[bytes, PassageVectors]
"""A passage's key and its vectors."""


Find: TypeAlias = Callable[[bytes], PassageVectors | None]
"""A function from a passage's key to its vectors, None for an unknown key."""

Sources: TypeAlias = Mapping[Literal["resumed", "reused", "repeated"], Find | None]
"""The sources of vectors in the order of their use, each by the field of `VectorSources` that counts it."""


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
            span = slice(self._first[row], self._first[row + 1])
            self.passages[row] = vectors.passage
            self.sentences[span], self.scales[span] = vectors.sentences, vectors.scales

    def of(self, first: int, end: int) -> tuple[Halves, Bytes, Scales]:
        """The vectors of the passages in rows `first` to `end`, of their sentences, and the scales of the latter."""
        span = slice(self._first[first], self._first[end])
        return self.passages[first:end], self.sentences[span], self.scales[span]


def passage_keys(rows: Tables, texts: Iterable[str]) -> Iterator[bytes]:
    """The key of each passage, 32 bytes; passages with equal texts and sentences have equal keys."""
    for row, text in zip(range(len(rows.passages)), texts, strict=True):
        raw = text.encode()
        yield hashlib.sha256(len(raw).to_bytes(8, "little") + raw + _spans(rows, row).tobytes()).digest()


def encode(
    rows: Tables,
    texts: Sequence[str],
    encoder: Encoder,
    sources: Sources,
    keep: Callable[[Sequence[Record]], None] | None = None,
) -> tuple[TableVectors, VectorSources]:
    """The vectors of every row, and their sources; only passages without a source are encoded, equal ones once.

    Each batch is handed to `keep` as soon as it is encoded. In bfloat16 the other passages of a batch
    change a vector by about .001: vectors taken from another run have a cosine of .9999 or more with
    those of a full run.
    """
    vectors = TableVectors(rows, encoder.dimension)
    rows_of = defaultdict[bytes, list[int]](list)
    for row, key in enumerate(passage_keys(rows, texts)):
        rows_of[key].append(row)
    counts, missing = Counter[str](), list[bytes]()
    for key, key_rows in rows_of.items():
        for name, find in sources.items():
            if find and (stored := find(key)):
                vectors.put(key_rows, stored)
                counts[name] += len(key_rows)
                break
        else:
            missing.append(key)
    missing.sort(key=lambda key: len(texts[rows_of[key][0]]), reverse=True)
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        records = list(zip(batch, _encoded([rows_of[key][0] for key in batch], rows, texts, encoder), strict=True))
        if keep:
            keep(records)
        for key, passage in records:
            vectors.put(rows_of[key], passage)
    reused, resumed = counts["reused"], counts["resumed"]
    return vectors, VectorSources(len(missing), len(rows.passages) - len(missing) - reused - resumed, reused, resumed)


def _encoded(batch: list[int], rows: Tables, texts: Sequence[str], encoder: Encoder) -> list[PassageVectors]:
    spans = [[(start, end) for start, end in _spans(rows, row).tolist()] for row in batch]
    passages, sentences = encoder.passages([texts[row] for row in batch], spans)
    ends = np.cumsum([len(sentence_spans) for sentence_spans in spans])[:-1]
    parts = (np.split(part, ends) for part in in_bytes(sentences))
    return list(map(PassageVectors, passages.astype(np.float16), *parts))


def _spans(rows: Tables, row: int) -> npt.NDArray[np.int32]:
    """The spans of a passage's sentences within the passage, shape (sentences, 2)."""
    passage = rows.passages[row]
    sentences = rows.sentences[passage["first"] : passage["first"] + passage["count"]]
    spans: npt.NDArray[np.int32] = sentences.view("<i4").reshape(-1, 2) - passage["start"]
    return spans
