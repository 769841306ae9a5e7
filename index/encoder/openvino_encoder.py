"""Encoder on an exported model: Rust tokenizers and OpenVINO, without torch and transformers."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from index.arrays import Offsets, Vectors
from index.encoder.model_files import Identity
from index.encoder.openvino_runtime import Network, cores
from index.encoder.pooling import mean_state
from index.encoder.transformer_encoder import About, Result, TransformerEncoder

NETWORK, TOKENIZER, ABOUT = "network.xml", "tokenizer.json", "about.json"

_BATCH_TOKENS = 1_024  # the states of a small batch stay in a core's cache
_FEW = 8  # texts, such as the variants of a question
_PADDED = 24  # tokens that one of a few texts is padded by at most: a run of its own takes as long
_CACHED_TEXTS = 256  # texts whose tokens are cached, as those of a question are needed again
_MULTIPLE = 8  # lengths are rounded up to it, as the runtime prepares itself for every new length


class ExportedEncoder(TransformerEncoder):
    """Encoder on an exported model. Threads may share it without waiting for each other.

    The network gives token states if the model's vector is their mean, else the vector. Raises
    OSError, ValueError, KeyError or TypeError for damaged files.
    """

    def __init__(self, folder: Path, identity: Identity) -> None:
        about = About(**json.loads((folder / ABOUT).read_text("utf-8"))["model"])
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(about.reads)
        self._network = Network.read(folder / NETWORK)
        self._encoded = lru_cache(maxsize=_CACHED_TEXTS)(self._tokenizer.encode)
        super().__init__(identity, about, len(self._tokenizer.encode("").ids))
        # Two threads that both make OpenVINO's first conversion of an array deadlock.
        self.questions([""])

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) > _FEW:
            encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        else:
            encodings = [self._encoded(text) for text in texts]
        return [_whole(encoding) for encoding in encodings]

    def _vectors(self, texts: list[str]) -> Vectors:
        pools = self._about.pools_sentences
        vectors = self._each(self._read(texts), lambda _, output: mean_state(output) if pools else output.copy())
        return self._stacked(vector[None] for vector in vectors)

    def _pooled(self, texts: list[str], pool: Callable[[int, Vectors, Offsets], Result]) -> list[Result]:
        read = self._read(texts)
        return self._each(read, lambda row, states: pool(row, states, np.asarray(read[row].offsets, np.int64)))

    def _read(self, texts: list[str]) -> list[Encoding]:
        if len(texts) <= _FEW:  # without other threads
            return [self._encoded(text) for text in texts]
        return list(self._tokenizer.encode_batch(texts))

    def _each(self, read: list[Encoding], convert: Callable[[int, Vectors], Result]) -> list[Result]:
        """The result of `convert` for each text in order, given its row and its token states or vector."""

        def infer(rows: list[int], request: Any) -> list[tuple[int, Result]]:
            request.infer(self._inputs(read, rows), share_inputs=True)
            outputs = request.get_output_tensor(0).data  # overwritten by this thread's next request
            if self._about.pools_sentences:
                outputs = [states[: len(read[row].ids)] for row, states in zip(rows, outputs, strict=True)]
            return [(row, convert(row, output)) for row, output in zip(rows, outputs, strict=True)]

        few = len(read) <= _FEW
        batches = list(_batches([len(encoding.ids) for encoding in read], _PADDED if few else self._about.reads))
        if few or len(batches) == 1:
            with self._network.lone_or_shared_request() as request:
                results = {row: result for rows in batches for row, result in infer(rows, request)}
        else:
            with ThreadPoolExecutor(cores()) as threads:
                many = threads.map(lambda rows: infer(rows, self._network.request(cores())), batches)
                results = {row: result for batch in many for row, result in batch}
        return [results[row] for row in range(len(read))]

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


def _whole(encoding: Encoding) -> list[int]:
    """All tokens of a text without special tokens, also beyond the model's limit."""
    return [
        token
        for part in (encoding, *encoding.overflowing)
        for token, is_marker in zip(part.ids, part.special_tokens_mask, strict=True)
        if not is_marker
    ]


def _batches(lengths: list[int], padded: int) -> Iterator[list[int]]:
    """Batches of rows of similar length, longest first, each small enough for the cache of a core.

    No row is padded by more than `padded` tokens.
    """
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        longest = max(lengths[rows[0]], 1) if rows else 0
        if rows and (longest * (len(rows) + 1) > _BATCH_TOKENS or longest - lengths[row] > padded):
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows
