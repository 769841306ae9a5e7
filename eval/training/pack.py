"""The trained network as the reader's file, and how far its 8-bit weights are from the trained ones."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from eval.training.measures import Scores
from eval.training.network import Network
from index.passages.sentences import Span
from index.reader.reader import Reader
from index.reader.reader_file import narrowed
from index.reader.spans import best_tokens
from index.reader.windows import LENGTH, Window

_BODY, _POSITIONS = "body.", "embeddings.position_embeddings.weight"


def pack(network: Network, file: Path) -> str:
    """Write the reader's file, without word embeddings and with as many positions as it reads; returns its sha256."""
    from safetensors.numpy import save

    arrays = {name.removeprefix(_BODY): tensor.float().numpy() for name, tensor in network.state_dict().items()}
    arrays[_POSITIONS] = arrays[_POSITIONS][:LENGTH]
    kept = narrowed(arrays)
    content = save({name: np.ascontiguousarray(array) for name, array in sorted(kept.items())})
    file.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def reads(reader: Reader) -> Callable[[Sequence[Window]], list[tuple[Scores, Span]]]:
    """The function that reads windows with the shipped reader, for the same measures as the network's."""

    def read(windows: Sequence[Window]) -> list[tuple[Scores, Span]]:
        results = []
        for window, (relevance, starts, ends) in zip(windows, reader.outputs(windows), strict=True):
            score, (first, last) = best_tokens(starts[1:], ends[1:])
            span = (int(window.offsets[first][0]), int(window.offsets[last][1]))
            results.append(((relevance, score, float(starts[0] + ends[0])), span))
        return results

    return read
