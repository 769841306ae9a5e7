"""LanceDB's side of its measurement, in an environment of its own: `python -m eval.scale.lance_side`.

Nothing of the product is imported here. Each row has the number of a passage, its vector and its index terms as words.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.stage import Reply, memory, play, quantiles, timed

_TABLE, _AT_ONCE = "passages", 20_000
_WARM = 20  # questions


def fill(vectors: str, words: str, folder: str) -> Reply:
    """Write a table, and make an HNSW index of its vectors and a BM25 index of its words."""
    import lancedb
    import pyarrow as pa

    rows, lines = np.load(vectors, mmap_mode="r"), Path(words).read_text("utf-8").split("\n")

    def filled() -> None:
        table: Any = None
        for first in range(0, len(rows), _AT_ONCE):
            part = np.ascontiguousarray(rows[first : first + _AT_ONCE])
            batch = pa.table(
                {
                    "id": pa.array(range(first, first + len(part)), pa.int64()),
                    "vector": pa.FixedSizeListArray.from_arrays(pa.array(part.ravel()), part.shape[1]),
                    "words": pa.array(lines[first : first + len(part)]),
                }
            )
            if table is None:
                table = lancedb.connect(folder).create_table(_TABLE, batch)
            else:
                table.add(batch)
        table.create_index(metric="cosine", index_type="IVF_HNSW_SQ")
        plain = {"lower_case": False, "stem": False, "remove_stop_words": False, "ascii_folding": False}
        table.create_fts_index("words", base_tokenizer="whitespace", max_token_length=None, **plain)

    seconds = timed(filled)
    size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    store = f"LanceDB {lancedb.__version__}, candidates alone"
    return {"store": store, "load_s": seconds, "load_mb": memory()["peak_mb"], "disk_mb": size / 1e6}


def ask(folder: str, vectors: str, words: list[str], limits: list[int]) -> Reply:
    """The passages that both indexes find for each question and limit; times are those of both, at the last limit."""
    import lancedb

    began = time.perf_counter()
    table = lancedb.connect(folder).open_table(_TABLE)
    open_s = time.perf_counter() - began
    found: dict[str, list[list[int]]] = {}
    milliseconds: list[float] = []
    for limit in limits:
        milliseconds = []
        for vector, line in zip(np.load(vectors), words, strict=True):
            begin = time.perf_counter()
            near = table.search(vector).distance_type("cosine").limit(limit).select(["id"]).to_arrow()
            named = table.search(line, query_type="fts").limit(limit).select(["id"]).to_arrow()
            milliseconds.append((time.perf_counter() - begin) * 1000)
            found.setdefault(f"vectors_{limit}", []).append(near["id"].to_pylist())
            found.setdefault(f"words_{limit}", []).append(named["id"].to_pylist())
    return {"open_s": open_s, "alone": quantiles(milliseconds[_WARM:]), "found": found, **memory()}


if __name__ == "__main__":
    play(lambda: {"fill": fill, "ask": ask})
