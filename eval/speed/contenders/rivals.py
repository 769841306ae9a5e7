"""The other pipelines, in an environment of their own: `python -m eval.speed.contenders.rivals NAME MODEL`.

Each has its library's own defaults. Nothing of the product is imported here.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from eval.speed.stage import perform


class _Plain:
    """sentence-transformers and an exact FAISS index, as their own introductions put them together."""

    def __init__(self, model: str) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        self._faiss, self._model = faiss, SentenceTransformer(model)
        self._index: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        vectors = self._model.encode(texts)
        self._index = self._faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        Path(folder).mkdir(parents=True, exist_ok=True)
        self._faiss.write_index(self._index, f"{folder}/index.faiss")

    def open(self, folder: str) -> None:
        self._index = self._faiss.read_index(f"{folder}/index.faiss")

    def ask(self, question: str) -> list[int]:
        _, rows = self._index.search(self._model.encode([question]), 5)
        return [int(row) for row in rows[0]]


class _LangChain:
    """LangChain's FAISS store with HuggingFaceEmbeddings."""

    def __init__(self, model: str) -> None:
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings

        self._kind, self._embeddings = FAISS, HuggingFaceEmbeddings(model_name=model)
        self._store: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        rows = [{"row": row} for row in range(len(texts))]
        self._store = self._kind.from_texts(texts, self._embeddings, metadatas=rows)
        self._store.save_local(folder)

    def open(self, folder: str) -> None:
        # the pickle in it is one that this benchmark wrote
        self._store = self._kind.load_local(folder, self._embeddings, allow_dangerous_deserialization=True)

    def ask(self, question: str) -> list[int]:
        return [document.metadata["row"] for document in self._store.similarity_search(question, k=5)]


class _LlamaIndex:
    """LlamaIndex's VectorStoreIndex with HuggingFaceEmbedding."""

    def __init__(self, model: str) -> None:
        from llama_index import core
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._core, self._embeddings = core, HuggingFaceEmbedding(model_name=model)
        self._retriever: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        nodes = [self._core.schema.TextNode(text=text, id_=str(row)) for row, text in enumerate(texts)]
        index = self._core.VectorStoreIndex(nodes, embed_model=self._embeddings)
        index.storage_context.persist(folder)
        self._retriever = index.as_retriever(similarity_top_k=5)

    def open(self, folder: str) -> None:
        context = self._core.StorageContext.from_defaults(persist_dir=folder)
        index = self._core.load_index_from_storage(context, embed_model=self._embeddings)
        self._retriever = index.as_retriever(similarity_top_k=5)

    def ask(self, question: str) -> list[int]:
        return [int(scored.node.node_id) for scored in self._retriever.retrieve(question)]


class _Txtai:
    """txtai's Embeddings."""

    def __init__(self, model: str, **options: bool) -> None:
        from txtai import Embeddings

        self._index = Embeddings(path=model, **options)

    def build(self, texts: list[str], folder: str) -> None:
        self._index.index((row, text, None) for row, text in enumerate(texts))
        self._index.save(folder)

    def open(self, folder: str) -> None:
        self._index.load(folder)

    def ask(self, question: str) -> list[int]:
        hits = self._index.search(question, 5)  # pairs of id and score, or records if it keeps the texts as well
        return [int(hit["id"] if isinstance(hit, dict) else hit[0]) for hit in hits]


RIVALS: dict[str, Callable[[str], Any]] = {
    "sentence-transformers + FAISS": _Plain,
    "LangChain": _LangChain,
    "LlamaIndex": _LlamaIndex,
    "txtai": _Txtai,
    "txtai, hybrid": partial(_Txtai, content=True, hybrid=True),
}

if __name__ == "__main__":
    perform(RIVALS[sys.argv[1]], *sys.argv[2:])
