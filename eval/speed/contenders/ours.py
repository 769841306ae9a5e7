"""The product as a contender: `python -m eval.speed.contenders.ours answer|search MODEL`."""

import sys
from functools import partial
from pathlib import Path

from app.answering.answer import K
from app.answering.collection import Collection
from eval.speed.contenders.corpus import read_passages, write_larger, write_real
from eval.speed.stage import Action, Reply, asked, memory, play, timed
from index.encoder.encoder import load_encoder
from index.encoder.model_files import identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build


class Product:
    """The encoder, and, once opened, a way to ask."""

    def __init__(self, way: str, model: str) -> None:
        self._way = way
        self._identity = identify(model)
        self._encoder = load_encoder(self._identity)
        self.actions: dict[str, Action] = {
            "cut": self.cut,
            "build": self.build,
            "open": self.open,
            "memory": memory,
        }

    def cut(self, articles: str, target: str, passages: int) -> Reply:
        """Write the corpora: the articles as they are below `target`/real, and a larger one below `target`/all."""
        folder, below, count = Path(articles), Path(target), self._encoder.count_tokens
        corpora = {
            "real": write_real(folder, below / "real", count),
            "all": write_larger(folder, below / "all", count, passages),
        }
        return {
            name: {
                "articles": str(corpus.articles),
                "passages": str(corpus.passages),
                "count": len(read_passages(corpus.passages)),
            }
            for name, corpus in corpora.items()
        }

    def build(self, articles: str, folder: str, **_: str) -> Reply:
        """All that `python -m index build` does, but for loading the encoder."""
        make = partial(build, Path(articles), Path(folder), self._identity, load=lambda _: self._encoder)
        return {"seconds": timed(make)}

    def open(self, passages: str, folder: str) -> Reply:
        """Open the index as the served application does."""
        encode_on_one_thread()
        searcher = Searcher.open(open_location(folder).open(), load=lambda _: self._encoder)
        rows = {(article, *span): row for row, (_, article, *span) in enumerate(read_passages(Path(passages)))}
        collection = Collection.calibrated(searcher, open_location(Path(folder)))

        def answer(question: str) -> list[int]:
            found = collection.answer(Question(question), K)
            return [rows[one.article, one.start, one.end] for one in found.citations or found.closest]

        def search(question: str) -> list[int]:
            found = (hit.passage for hit in searcher.search(Question(question), K))
            return [rows[one.article.id, one.start, one.end] for one in found]

        ask = {"answer": answer, "search": search}[self._way]
        self.actions["ask"] = lambda questions: asked(ask, questions)
        return {}


if __name__ == "__main__":
    play(lambda: Product(*sys.argv[1:]).actions)
