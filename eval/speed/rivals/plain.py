"""sentence-transformers and FAISS by themselves: `python -m eval.speed.rivals.plain MODEL`."""

from pathlib import Path
from typing import Any

import faiss
from sentence_transformers import SentenceTransformer

from eval.speed.stage import perform


class Plain:
    """The two libraries as their own introductions put them together."""

    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model)
        self._index: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        """Encode, add to an exact index, write it."""
        vectors = self._model.encode(texts)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        Path(folder).mkdir(parents=True, exist_ok=True)
        faiss.write_index(self._index, f"{folder}/index.faiss")

    def open(self, folder: str) -> None:
        """Read the index."""
        self._index = faiss.read_index(f"{folder}/index.faiss")

    def ask(self, question: str) -> list[int]:
        """The five nearest by inner product."""
        _, rows = self._index.search(self._model.encode([question]), 5)
        return [int(row) for row in rows[0]]


if __name__ == "__main__":
    perform(Plain)
