"""The vectors of a whole collection: taken from where they are known, else encoded, equal passages once.

Only a window of passages is in memory at once: their vectors go to disk as soon as they are there.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from tqdm import tqdm

from index.arrays import Bytes, Halves, Scales
from index.encoder.encoder import Encoder
from index.encoder.quantization import in_bytes
from index.ingestion.passage_keys import Keys
from index.passages.sentences import Span
from index.passages.tables import Tables

BATCH = 256  # passages handed to the encoder at once: what a build that is stopped may lose
_WINDOW = 4096  # passages whose texts are in memory at once, sorted by length


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


@dataclass(frozen=True, slots=True)
class Encoded:
    """How many passages went through the encoder, and how many rows were found in each place asked."""

    encoded: int
    taken: list[int]


class VectorSink(Protocol):
    """A place for the vectors of a table's passages."""

    def put(self, rows: Iterable[int], vectors: PassageVectors) -> None:
        """Set the vectors of equal passages."""


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
    out: VectorSink,
    *,
    keys: Keys,
    known: Sequence[VectorSource] = (),
    keep: Callable[[Sequence[Record]], None] | None = None,
    bar: "tqdm[Any] | None" = None,
    show_progress: bool = False,
) -> Encoded:
    """Write the vectors of every row to `out`; only passages that no place in `known` has are encoded.

    Each batch is handed to `keep` as soon as it is encoded, and counted on `bar`, for which there is
    one of this table alone where none is given. Which passages share a batch moves what a
    neural encoder returns in bfloat16 by about .001: vectors taken from another run have a cosine of
    .9999 or more with those of a full run.
    """
    taken = [0] * len(known)
    missing: list[int] = []
    for key, own_rows in keys.distinct():
        source, found = _look_up(key, known)
        if found:
            out.put(own_rows, found)
            taken[source] += len(own_rows)
        else:
            missing.append(int(own_rows[0]))
    with nullcontext(bar) if bar is not None else progress(len(missing), show=show_progress) as counted:
        for batch in _batches(missing, rows, texts, encoder):
            records = [(keys[row], vectors) for row, vectors in batch]
            if keep:
                keep(records)
            for key, vectors in records:
                out.put(keys.rows(key), vectors)
            counted.update(len(batch))
    return Encoded(len(missing), taken)


def _look_up(key: bytes, known: Sequence[VectorSource]) -> tuple[int, PassageVectors | None]:
    """The first place that has the key, and what it has."""
    for source, place in enumerate(known):
        if found := place.find(key):
            return source, found
    return -1, None


def progress(passages: int, *, show: bool) -> "tqdm[Any]":
    """A bar for so many passages that are encoded."""
    return tqdm(total=passages, unit="passage", desc="encoding", disable=not show)


def _batches(
    wanted: Sequence[int], rows: Tables, texts: Sequence[str], encoder: Encoder
) -> Iterator[list[tuple[int, PassageVectors]]]:
    """The wanted rows with their vectors, in batches of like length, the longest of each window first."""
    for begin in range(0, len(wanted), _WINDOW):
        window = {row: texts[row] for row in wanted[begin : begin + _WINDOW]}
        longest_first = sorted(window, key=lambda row: -len(window[row]))
        for start in range(0, len(window), BATCH):
            batch = longest_first[start : start + BATCH]
            yield _encoded(batch, [window[row] for row in batch], rows, encoder)


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
