"""The other pipelines, in an environment of their own: `python -m eval.speed.contenders.rivals NAME MODEL READER`.

Each has its library's own defaults. `READER` is a folder that `exported.export` has written: those of READING read the
best passages with it. Nothing of the product is imported here.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from eval.speed.stage import perform

PLAIN, RERANKED = "sentence-transformers + FAISS", "sentence-transformers + FAISS + CrossEncoder"
_READ, _TOKENS = 8, 128  # passages, and tokens at a time, as the product reads


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
        Path(folder, "texts.json").write_text(json.dumps(texts), "utf-8")

    def open(self, folder: str) -> None:
        self._index = self._faiss.read_index(f"{folder}/index.faiss")

    def ask(self, question: str) -> list[int]:
        return self._best(question, 5)

    def _best(self, question: str, count: int) -> list[int]:
        _, rows = self._index.search(self._model.encode([question]), count)
        return [int(row) for row in rows[0]]


class _Reranked(_Plain):
    """The same, its best passages ordered by sentence-transformers' CrossEncoder. It asks an index of `_Plain`."""

    def __init__(self, model: str, reader: str) -> None:
        from sentence_transformers import CrossEncoder

        super().__init__(model)
        self._ranker = CrossEncoder(f"{reader}/ranker", max_length=_TOKENS)
        self._texts: list[str] = []

    def open(self, folder: str) -> None:
        super().open(folder)
        self._texts = json.loads(Path(folder, "texts.json").read_text("utf-8"))

    def ask(self, question: str) -> list[int]:
        rows = self._best(question, _READ)
        scores = self._ranker.predict([(question, f"[SEP] {self._texts[row]}") for row in rows])  # after no title
        return [row for _, row in sorted(zip(scores, rows, strict=True), reverse=True)[:5]]


class _Haystack:
    """Haystack's in-memory store, its best passages read by its ExtractiveReader, which marks spans."""

    def __init__(self, model: str, reader: str) -> None:
        from haystack import Document
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders import sentence_transformers as embedders
        from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

        self._document, self._store, self._retriever = Document, InMemoryDocumentStore, InMemoryEmbeddingRetriever
        self._documents = embedders.SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
        self._texts = embedders.SentenceTransformersTextEmbedder(model=model, progress_bar=False)
        self._found: Any = None
        self._reader = TransformersExtractiveReader(
            model=f"{reader}/extractive", top_k=5, max_seq_length=_TOKENS, stride=_TOKENS // 4
        )
        for each in (self._documents, self._texts, self._reader):
            each.warm_up()

    def build(self, texts: list[str], folder: str) -> None:
        documents = [self._document(content=text, meta={"row": row}) for row, text in enumerate(texts)]
        store = self._store()
        store.write_documents(self._documents.run(documents)["documents"])
        Path(folder).parent.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(folder)

    def open(self, folder: str) -> None:
        self._found = self._retriever(self._store.load_from_disk(folder), top_k=_READ)

    def ask(self, question: str) -> list[int]:
        best = self._found.run(query_embedding=self._texts.run(question)["embedding"])["documents"]
        answers = self._reader.run(query=question, documents=best)["answers"]
        read = [answer.document.meta["row"] for answer in answers if answer.document]
        return list(dict.fromkeys([*read, *(document.meta["row"] for document in best)]))[:5]


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
    PLAIN: _Plain,
    "LangChain": _LangChain,
    "LlamaIndex": _LlamaIndex,
    "txtai": _Txtai,
    "txtai, hybrid": partial(_Txtai, content=True, hybrid=True),
}

READING: dict[str, Callable[..., Any]] = {
    RERANKED: _Reranked,
    "Haystack, ExtractiveReader": _Haystack,
}

if __name__ == "__main__":
    name, model, reader, *cold = sys.argv[1:]
    perform(RIVALS.get(name) or partial(READING[name], reader=reader), model, *cold)
