"""The product as a contender: `python -m eval.speed.contenders.ours answer|read|search MODEL`."""

import sys
from functools import partial
from pathlib import Path

from app.answering.answer import K
from app.answering.collection import Collection
from app.answering.reply import answer_of
from eval.speed.contenders.corpus import read_passages
from eval.speed.stage import Action, Reply, asked, memory, play, timed
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.search.models import NO_MODELS, Models, chosen_models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build


def open_collection(where: str, encoder: Encoder, models: Models = NO_MODELS) -> Collection:
    """Open an index as the served application does, with an encoder that is loaded already."""
    encode_on_one_thread()
    searcher = Searcher.open(open_location(where).open(), load=lambda _: encoder).with_models(models)
    return Collection.calibrated(searcher, open_location(where))


class Product:
    """The encoder and, once opened, the actions of asking."""

    def __init__(self, way: str, model: str) -> None:
        self._way = way
        self._identity = identify(model)
        self._encoder = load_encoder(self._identity)
        self.actions: dict[str, Action] = {"build": self.build, "open": self.open, "memory": memory}

    def build(self, articles: str, folder: str, **_: str) -> Reply:
        """Build as `python -m index build` does; loading the encoder is not counted."""
        make = partial(build, Path(articles), Path(folder), self._identity, load=lambda _: self._encoder)
        return {"seconds": timed(make)}

    def open(self, passages: str, folder: str) -> Reply:
        """Open the index."""
        rows = {(article, *span): row for row, (_, article, *span) in enumerate(read_passages(Path(passages)))}
        models = chosen_models() if self._way == "read" else NO_MODELS
        collection = open_collection(folder, self._encoder, models)

        def answer(question: str) -> list[int]:
            reply = answer_of(collection, Question(question), K)
            return [rows[one.article, one.start, one.end] for one in reply.citations or reply.closest]

        def search(question: str) -> list[int]:
            passages = [hit.passage for hit in collection.searcher.search(Question(question), K)]
            return [rows[one.article.id, one.start, one.end] for one in passages]

        ask = {"answer": answer, "read": answer, "search": search}[self._way]
        self.actions["ask"] = lambda questions: asked(ask, questions)
        return {}


if __name__ == "__main__":
    play(lambda: Product(*sys.argv[1:]).actions)
