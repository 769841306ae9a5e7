"""The vectors of a whole collection: taken from where they are known, else encoded, equal passages once."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from tqdm import tqdm

from index.encoder import Encoder, SentenceVectors
from index.layout import Tables
from index.pooling import Vectors
from index.sentences import Span

_BATCH = 16  # passages encoded at once; the states of a small batch stay in a CPU's cache

PassageVectors: TypeAlias = tuple[Vectors, SentenceVectors]
"""Of one passage: its vector, shape (dimension,), and its sentences', shape (sentences, dimension)."""

Record: TypeAlias = tuple[bytes, Vectors, SentenceVectors]
"""A passage's key and its vectors."""


class Known(Protocol):
    """A place that holds the vectors of passages encoded before."""

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of the passage with this key, or None."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Float32 vectors of all passages and float16 vectors of all sentences, in the order of the rows.

    `encoded` passages went through the encoder; of each place asked, `taken` rows were found.
    """

    passages: Vectors
    sentences: SentenceVectors
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
    keys: Sequence[bytes],
    known: Sequence[Known] = (),
    keep: Callable[[Sequence[Record]], None] | None = None,
    show_progress: bool = False,
) -> Encoded:
    """The vectors of every row; only passages that no place in `known` has are encoded.

    Each batch is handed to `keep` as soon as it is encoded. Which passages share a batch moves the
    last bits of what a neural encoder returns: vectors taken from another run are equal to those of
    a full run within 1e-5, not bit by bit.
    """
    places = _Places(rows, keys, encoder.dimension)
    taken = [0] * len(known)
    missing = []
    for key, own_rows in places.wanted.items():
        source, found = _look_up(key, known)
        if found:
            places.fill((key, *found))
            taken[source] += len(own_rows)
        else:
            missing.append(own_rows[0])
    for batch in _batches(missing, rows, texts, encoder, show_progress=show_progress):
        records = [(keys[row], vector, own) for row, vector, own in batch]
        for record in records:
            places.fill(record)
        if keep:
            keep(records)
    return Encoded(places.passages, places.sentences, len(missing), taken)


class _Places:
    """The vectors of all rows, to be filled, and the rows that share each key."""

    def __init__(self, rows: Tables, keys: Sequence[bytes], dimension: int) -> None:
        self.wanted: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            self.wanted.setdefault(key, []).append(row)
        self._first = rows.passages["first"]
        self.passages = np.empty((len(rows.passages), dimension), np.float32)
        self.sentences = np.empty((len(rows.sentences), dimension), np.float16)

    def fill(self, record: Record) -> None:
        key, vector, own = record
        for row in self.wanted[key]:
            self.passages[row] = vector
            self.sentences[self._first[row] : self._first[row] + len(own)] = own


def _look_up(key: bytes, known: Sequence[Known]) -> tuple[int, PassageVectors | None]:
    """The first place that has the key, and what it has."""
    for source, place in enumerate(known):
        if found := place.find(key):
            return source, found
    return -1, None


def _batches(
    wanted: list[int], rows: Tables, texts: Sequence[str], encoder: Encoder, *, show_progress: bool
) -> Iterator[list[tuple[int, Vectors, SentenceVectors]]]:
    """The wanted rows with their vectors, in batches of like length, the longest first."""
    longest_first = sorted(wanted, key=lambda row: -len(texts[row]))
    with tqdm(total=len(wanted), unit="passage", desc="encoding", disable=not show_progress) as bar:
        for start in range(0, len(longest_first), _BATCH):
            batch = longest_first[start : start + _BATCH]
            spans = [_relative_spans(rows, row) for row in batch]
            whole, parts = encoder.passages([texts[row] for row in batch], spans)
            ends = np.cumsum([len(own) for own in spans])
            yield list(zip(batch, whole, np.split(parts.astype(np.float16), ends[:-1]), strict=True))
            bar.update(len(batch))


def _relative_spans(rows: Tables, row: int) -> list[Span]:
    passage = rows.passages[row]
    own = rows.sentences[passage["first"] : passage["first"] + passage["count"]]
    start = int(passage["start"])
    return [(int(sentence["start"]) - start, int(sentence["end"]) - start) for sentence in own]
