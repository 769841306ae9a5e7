"""Encoder on an exported model: Rust tokenizers and OpenVINO, without torch and transformers."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from index.arrays import Offsets, Vectors
from index.encoder.model_files import Identity
from index.encoder.openvino_runtime import Network, cores
from index.encoder.pooling import Part, cosine_parts, mean_state, sentence_means, unit
from index.errors import BadModel
from index.passages.sentences import Span

NETWORK, TOKENIZER, ABOUT = "network.xml", "tokenizer.json", "about.json"

_LEAST_TOKENS = 16  # that must remain for a passage after its prefix
_BATCH_TOKENS = 1_024  # the states of a small batch stay in a core's cache
_FEW = 8  # texts, such as the variants of a question
_CACHED_TEXTS = 256  # texts whose tokens are cached, as those of a question are needed again
_CROWDED = 1.0  # seconds after a collision during which more concurrent calls are expected
_MULTIPLE = 8  # lengths are rounded up to it, as the runtime prepares itself for every new length


@dataclass(frozen=True, slots=True)
class About:
    """Metadata of an exported model.

    The network gives token states if the model's vector is their mean (`pools_sentences`), else the
    vector. `reads` is the token limit with special tokens. `unknown` is -1 without such a token.
    """

    reads: int
    dimension: int
    pools_sentences: bool
    unknown: int
    padding: int

    @classmethod
    def read(cls, folder: Path) -> "About":
        """The metadata in a folder. Raises OSError, ValueError, KeyError or TypeError for a damaged file."""
        return cls(**json.loads((folder / ABOUT).read_text("utf-8"))["model"])


class ExportedEncoder:
    """Encoder on an exported model. Threads may share it without waiting for each other."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self._identity = identity
        self._about = About.read(folder)
        self._tokenizer = _tokenizer(folder, self._about.reads)
        self._network = Network(folder / NETWORK)
        self._encoded = lru_cache(maxsize=_CACHED_TEXTS)(self._tokenizer.encode)
        self._lone, self._crowded_until = Lock(), 0.0
        markers = len(self._tokenizer.encode("").ids)
        prefix = len(self._tokenizer.encode(identity.passage_prefix, add_special_tokens=False).ids)
        self.dimension = self._about.dimension
        self.max_tokens = token_limit(self._about.reads, markers + prefix, identity)
        # Two threads that both make OpenVINO's first conversion of an array deadlock.
        self.questions([""])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""
        read = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(_whole(encoding)) for encoding in read]

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens in the model's vocabulary, in [0, 1]; 1 for a text without tokens."""
        read = (_whole(self._encoded(text)) for text in texts)
        return [1 - ids.count(self._about.unknown) / len(ids) if ids else 1.0 for ids in read]

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a question: shape (len(texts), dimension)."""
        return self._vectors([self._identity.question_prefix + text for text in texts])

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Unit vectors of the passages and of all their sentences, in order."""
        prefix = self._identity.passage_prefix
        prefixed = [prefix + text for text in texts]
        if not self._about.pools_sentences:
            alone = [prefix + text[a:b] for text, spans in zip(texts, sentences, strict=True) for a, b in spans]
            return self._vectors(prefixed), self._vectors(alone)
        read = self._read(prefixed)

        def pooled(row: int, states: Vectors) -> Vectors:
            whole = mean_state(states)
            return np.stack([whole, *sentence_means(states, _offsets(read[row], len(prefix)), sentences[row], whole)])

        vectors = self._each(read, pooled)
        return unit(self._stacked([rows[:1] for rows in vectors])), unit(self._stacked([rows[1:] for rows in vectors]))

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """The contribution of each token of a passage to its cosine with a question; they sum to the cosine."""
        if not self._about.pools_sentences:
            return None
        prefix = self._identity.passage_prefix
        read = self._read([prefix + text])
        (states,) = self._each(read, lambda _, states: states.copy())
        return cosine_parts(states, _offsets(read[0], len(prefix)), question)

    def _vectors(self, texts: list[str]) -> Vectors:
        pools = self._about.pools_sentences
        vectors = self._each(self._read(texts), lambda _, output: mean_state(output) if pools else output.copy())
        return unit(self._stacked([vector[None] for vector in vectors]))

    def _stacked(self, rows: list[Vectors]) -> Vectors:
        return np.concatenate([np.empty((0, self.dimension), np.float32), *rows])

    def _read(self, texts: list[str]) -> list[Encoding]:
        if len(texts) <= _FEW:  # without other threads
            return [self._encoded(text) for text in texts]
        return list(self._tokenizer.encode_batch(texts))

    def _each(self, read: list[Encoding], convert: Callable[[int, Vectors], Vectors]) -> list[Vectors]:
        """The result of `convert` for each text in order, given its row and its token states or vector."""

        def infer(rows: list[int], request: Any) -> list[tuple[int, Vectors]]:
            request.infer(self._inputs(read, rows), share_inputs=True)
            outputs = request.get_output_tensor(0).data  # overwritten by this thread's next request
            if self._about.pools_sentences:
                outputs = [states[: len(read[row].ids)] for row, states in zip(rows, outputs, strict=True)]
            return [(row, convert(row, output)) for row, output in zip(rows, outputs, strict=True)]

        batches = list(_batches([len(encoding.ids) for encoding in read]))
        if len(batches) == 1:
            with self._infer_request() as request:
                results = dict(infer(batches[0], request))
        else:
            with ThreadPoolExecutor(cores()) as threads:
                many = threads.map(lambda rows: infer(rows, self._network.request(cores())), batches)
                results = {row: result for batch in many for row, result in batch}
        return [results[row] for row in range(len(read))]

    @contextmanager
    def _infer_request(self) -> Iterator[Any]:
        """An inference request: a lone caller gets all cores, a caller that arrives meanwhile gets one core at once.

        After such a collision every call uses one core for `_CROWDED` seconds, which raises throughput.
        """
        crowded = time.monotonic() < self._crowded_until
        if not crowded and self._lone.acquire(blocking=False):
            try:
                yield self._network.request(1)
            finally:
                self._lone.release()
            return
        if not crowded:
            self._crowded_until = time.monotonic() + _CROWDED
        yield self._network.request(cores())

    def _inputs(self, read: list[Encoding], rows: list[int]) -> list[npt.NDArray[np.int64]]:
        """Token ids and their mask, both of shape (len(rows), longest)."""
        most = max(1, *(len(read[row].ids) for row in rows))
        longest = -(-most // _MULTIPLE) * _MULTIPLE
        ids = np.full((len(rows), min(longest, self._about.reads)), self._about.padding, np.int64)
        mask = np.zeros_like(ids)
        for line, row in enumerate(rows):
            tokens = read[row].ids
            ids[line, : len(tokens)], mask[line, : len(tokens)] = tokens, 1
        return [ids, mask]


def token_limit(reads: int, taken: int, identity: Identity) -> int:
    """The token limit of a passage after `taken` tokens are used. Raises BadModel if it is too small."""
    if reads - taken < _LEAST_TOKENS:
        raise BadModel(
            f"the passage prefix {identity.passage_prefix[:40]!r} leaves {reads - taken} of the "
            f"{reads} tokens that {identity.model} reads. Give a shorter --passage-prefix"
        )
    return reads - taken


def _tokenizer(folder: Path, reads: int) -> Tokenizer:
    """The tokenizer with the model's truncation, whatever its file says."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(reads)
    return tokenizer


def _whole(encoding: Encoding) -> list[int]:
    """All tokens of a text without special tokens, also beyond the model's limit."""
    return [
        token
        for part in (encoding, *encoding.overflowing)
        for token, is_marker in zip(part.ids, part.special_tokens_mask, strict=True)
        if not is_marker
    ]


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Batches of rows of similar length, longest first, each small enough for the cache of a core."""
    longest_first = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    start = 0
    while start < len(longest_first):
        most = max(_BATCH_TOKENS // max(lengths[longest_first[start]], 1), 1)
        yield longest_first[start : start + most]
        start += most


def _offsets(encoding: Encoding, shift: int) -> Offsets:
    return np.asarray(encoding.offsets, np.int64) - shift
