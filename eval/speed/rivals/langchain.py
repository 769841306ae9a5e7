"""LangChain with FAISS and HuggingFaceEmbeddings: `python -m eval.speed.rivals.langchain MODEL`."""

from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

from eval.speed.stage import perform


class LangChain:
    """Its FAISS store with its own defaults."""

    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=model)
        self._store: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        """The store of the texts, saved."""
        self._store = FAISS.from_texts(texts, self._embeddings, metadatas=[{"row": row} for row in range(len(texts))])
        self._store.save_local(folder)

    def open(self, folder: str) -> None:
        """Load the store; the pickle in it is one that this benchmark wrote."""
        self._store = FAISS.load_local(folder, self._embeddings, allow_dangerous_deserialization=True)

    def ask(self, question: str) -> list[int]:
        """Its similarity search."""
        return [document.metadata["row"] for document in self._store.similarity_search(question, k=5)]


if __name__ == "__main__":
    perform(LangChain)
