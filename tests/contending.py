"""A contender of the tests: finds passages by shared words. `python -m tests.contending [clumsy] MODEL`."""

import json
import sys
from pathlib import Path

from eval.speed.stage import perform


class Words:
    """Keeps the texts as they are; a clumsy one cannot keep them."""

    def __init__(self, model: str) -> None:
        self._clumsy = model == "clumsy"
        self._texts: list[str] = []

    def build(self, texts: list[str], folder: str) -> None:
        if self._clumsy:
            raise RuntimeError("the shelf fell down")
        print("a library that talks")  # noqa: T201 - as libraries do; it must not be taken for a reply
        Path(folder).mkdir(parents=True)
        Path(folder, "texts.json").write_text(json.dumps(texts), "utf-8")

    def open(self, folder: str) -> None:
        self._texts = json.loads(Path(folder, "texts.json").read_text("utf-8"))

    def ask(self, question: str) -> list[int]:
        if question == "Where is the exit?":
            sys.exit("gone for good")
        words = set(question.lower().rstrip("?").split())
        shared = [len(words & set(text.lower().split())) for text in self._texts]
        return sorted(range(len(shared)), key=lambda row: -shared[row])[:5]


if __name__ == "__main__":
    perform(Words, *sys.argv[1:])
