"""LlamaIndex with its own vector store: `python -m eval.speed.rivals.llamaindex MODEL`."""

from typing import Any

from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from eval.speed.stage import perform


class LlamaIndex:
    """Its VectorStoreIndex with its own defaults."""

    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbedding(model_name=model)
        self._retriever: Any = None

    def build(self, texts: list[str], folder: str) -> None:
        """The index of the texts, persisted."""
        nodes = [TextNode(text=text, id_=str(row)) for row, text in enumerate(texts)]
        index = VectorStoreIndex(nodes, embed_model=self._embeddings)
        index.storage_context.persist(folder)
        self._retriever = index.as_retriever(similarity_top_k=5)

    def open(self, folder: str) -> None:
        """Load what was persisted."""
        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=folder), embed_model=self._embeddings)
        self._retriever = index.as_retriever(similarity_top_k=5)

    def ask(self, question: str) -> list[int]:
        """Its retriever."""
        return [int(found.node.node_id) for found in self._retriever.retrieve(question)]


if __name__ == "__main__":
    perform(LlamaIndex)
