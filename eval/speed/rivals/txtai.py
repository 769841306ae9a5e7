"""txtai, vectors alone: `python -m eval.speed.rivals.txtai MODEL`."""

from txtai import Embeddings

from eval.speed.stage import perform


class Txtai:
    """Its embeddings index with its own defaults."""

    def __init__(self, model: str, **options: bool) -> None:
        self._index = Embeddings(path=model, **options)

    def build(self, texts: list[str], folder: str) -> None:
        """Index and save the texts."""
        self._index.index((row, text, None) for row, text in enumerate(texts))
        self._index.save(folder)

    def open(self, folder: str) -> None:
        """Load what was saved."""
        self._index.load(folder)

    def ask(self, question: str) -> list[int]:
        """Its search: pairs of id and score, or records where the texts are kept as well."""
        found = self._index.search(question, 5)
        return [int(one["id"] if isinstance(one, dict) else one[0]) for one in found]


if __name__ == "__main__":
    perform(Txtai)
