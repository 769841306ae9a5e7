"""The vectors of a whole collection: equal texts encoded once, batches of like length."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from index.encoder import Encoder, Vectors
from index.layout import Tables
from index.sentences import Span

_BATCH = 16  # passages encoded at once; the states of a small batch stay in a CPU's cache

_Key = tuple[str, tuple[Span, ...]]


def encode(
    rows: Tables, texts: Sequence[str], encoder: Encoder, *, show_progress: bool
) -> tuple[Vectors, npt.NDArray[np.float16]]:
    """One float32 vector a passage and one float16 vector a sentence, in the order of the rows."""
    wanted: dict[_Key, list[int]] = {}
    for row, text in enumerate(texts):
        wanted.setdefault((text, _relative_spans(rows, row)), []).append(row)
    passages = np.empty((len(rows.passages), encoder.dimension), np.float32)
    sentences = np.empty((len(rows.sentences), encoder.dimension), np.float16)
    longest_first = sorted(wanted, key=lambda key: -len(key[0]))
    with tqdm(total=len(texts), unit="passage", desc="encoding", disable=not show_progress) as bar:
        for start in range(0, len(longest_first), _BATCH):
            batch = longest_first[start : start + _BATCH]
            whole, parts = encoder.passages([text for text, _ in batch], [spans for _, spans in batch])
            position = 0
            for key, vector in zip(batch, whole, strict=True):
                own = parts[position : position + len(key[1])]
                position += len(key[1])
                for row in wanted[key]:
                    passages[row] = vector
                    first = int(rows.passages[row]["first"])
                    sentences[first : first + len(own)] = own
            bar.update(sum(len(wanted[key]) for key in batch))
    return passages, sentences


def _relative_spans(rows: Tables, row: int) -> tuple[Span, ...]:
    passage = rows.passages[row]
    own = rows.sentences[passage["first"] : passage["first"] + passage["count"]]
    start = int(passage["start"])
    return tuple((int(sentence["start"]) - start, int(sentence["end"]) - start) for sentence in own)
