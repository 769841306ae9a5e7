"""The product as a contender: `python -m eval.speed.contenders.ours answer|search MODEL`."""

import sys
from functools import partial
from pathlib import Path

from app.answering.answer import K
from app.answering.collection import Collection
from eval.speed.contenders.corpus import read_passages
from eval.speed.stage import Action, Reply, asked, memory, play, timed
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build


def open_collection(where: str, encoder: Encoder) -> Collection:
    """Open an index as the served application does, with an encoder that is loaded already."""
    encode_on_one_thread()
    searcher = Searcher.open(open_location(where).open(), load=lambda _: encoder)
    return Collection.calibrated(searcher, open_location(where))


def actions(way: str, model: str) -> dict[str, Action]:
    """The actions of the product; those of asking are there once an index is open."""
    identity = identify(model)
    encoder = load_encoder(identity)

    def build_index(articles: str, folder: str, **_: str) -> Reply:
        """Build as `python -m index build` does; loading the encoder is not counted."""
        return {"seconds": timed(partial(build, Path(articles), Path(folder), identity, load=lambda _: encoder))}

    def open_index(passages: str, folder: str) -> Reply:
        rows = {(article, *span): row for row, (_, article, *span) in enumerate(read_passages(Path(passages)))}
        collection = open_collection(folder, encoder)

        def answer(question: str) -> list[int]:
            reply = collection.answer(Question(question), K)
            return [rows[one.article, one.start, one.end] for one in reply.citations or reply.closest]

        def search(question: str) -> list[int]:
            passages = [hit.passage for hit in collection.searcher.search(Question(question), K)]
            return [rows[one.article.id, one.start, one.end] for one in passages]

        named["ask"] = partial(asked, {"answer": answer, "search": search}[way])
        return {}

    named: dict[str, Action] = {"build": build_index, "open": open_index, "memory": memory}
    return named


if __name__ == "__main__":
    play(lambda: actions(*sys.argv[1:]))
