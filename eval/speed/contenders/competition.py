"""The product against other pipelines, with the same encoder on the same passages."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.answering.labelled.questions import PLAIN_KINDS, LabelledQuestion, read_questions
from eval.speed.contender import PROJECT, Failed, module
from eval.speed.contenders.corpus import read_passages, write_corpus, write_larger
from eval.speed.contenders.race import COLD, TURNS, WARM, Entry, Race, Say
from eval.speed.contenders.rivals import PLAIN, READING, RERANKED, RIVALS
from eval.speed.tables import ANSWER, READ, SEARCH
from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify, model_folder
from index.reader.readers import NONE, SHIPPED
from index.reading.folder import read_folder

ARTICLES, QUESTIONS = PROJECT / "source_texts", PROJECT / "eval" / "questions.jsonl"
ENVIRONMENT, PINS = PROJECT / ".venv-rivals", Path(__file__).parent / "rivals.txt"
_ASKS = {RERANKED: PLAIN}  # it builds nothing of its own
_EVERY = 3  # of the questions one is asked of those that read: they take up to a second for it


def compete(rounds: int, passages: int, say: Say) -> dict[str, Any]:
    """The figures of one run of all contenders, and the reasons of those that failed."""
    failed: dict[str, str] = {}
    entries = _ours()
    with tempfile.TemporaryDirectory() as reader:
        try:
            entries |= _rivals(install(say), reader)
        except Failed as error:
            failed = dict.fromkeys([*RIVALS, *READING], str(error))
            say(f"the other pipelines are out: {error}")
        with race_of(entries, rounds, passages, say) as race:
            figures = race.run()
    return {
        "passages": race.larger["count"],
        "articles": race.real["count"],
        "rounds": rounds,
        "turns": rounds * TURNS,
        "starts": rounds * COLD,
        "questions": len(race.questions),
        "asked": len(race.questions) - WARM,
        "contenders": figures,
        "failed": failed | race.failed,
    }


@contextmanager
def race_of(entries: Mapping[str, Entry], rounds: int, passages: int, say: Say) -> Iterator[Race]:
    """The race of these contenders on the articles, and on about so many passages made of them."""
    with tempfile.TemporaryDirectory() as work:
        say("cutting the passages")
        folder, count = Path(work), load_encoder(identify(DEFAULT_MODEL)).count_tokens
        real = write_corpus(ARTICLES, folder / "real.json", count)
        write_larger(ARTICLES, folder / "larger", count, read_passages(folder / "real.json"), passages)
        larger = write_corpus(folder / "larger", folder / "all.json", count)
        yield Race(entries, real, larger, asked_alone(), rounds, folder, say)


def _ours() -> dict[str, Entry]:
    """The product three times: the whole answer, the same with its reader, and its search alone, on one index."""
    ask = [sys.executable, "-m", "app", "ask", "--index", "{folder}"]
    plain, read = ([*ask, "--reader", reader, "--", "{question}"] for reader in (NONE, SHIPPED))
    return {
        ANSWER: Entry(module("contenders.ours", "answer", DEFAULT_MODEL), plain),
        READ: Entry(module("contenders.ours", "read", DEFAULT_MODEL), read, asks=ANSWER, every=_EVERY),
        SEARCH: Entry(module("contenders.ours", "search", DEFAULT_MODEL), asks=ANSWER),
    }


def _rivals(python: Path, reader: str) -> dict[str, Entry]:
    """The other pipelines; those that read get the product's own reader, which is written to a folder."""
    from eval.speed.contenders.exported import export  # imports torch

    export(Path(reader))
    given = str(model_folder(DEFAULT_MODEL)), reader
    commands = {name: module("contenders.rivals", name, *given, python=python) for name in [*RIVALS, *READING]}
    return {
        name: Entry(
            command,
            [*command, "{folder}", "{question}"],
            asks=_ASKS.get(name, ""),
            every=_EVERY if name in READING else 1,
        )
        for name, command in commands.items()
    }


def asked_alone(folder: Path = ARTICLES, path: Path = QUESTIONS) -> list[LabelledQuestion]:
    """The answerable questions of plain kinds without history: any pipeline can be asked those."""
    articles = {article.id: article for article in read_folder(folder).articles}
    questions = read_questions(path, articles.get)
    return [one for one in questions if one.answerable and one.kind in PLAIN_KINDS and not one.history]


def install(say: Say, folder: Path = ENVIRONMENT, pins: Path = PINS) -> Path:
    """Install packages at their pinned versions, unless they are there; the interpreter. Raises Failed."""
    say(f"installing {pins.stem} in {folder.name}; the first time takes some minutes")
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", str(pins)]
    for command in ([sys.executable, "-m", "venv", str(folder)], pip):
        ended = subprocess.run(  # noqa: S603 - our own command
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if ended.returncode:
            reason = ended.stdout.strip().rpartition("\n")[2][:300]
            raise Failed(f"{folder.name} cannot be made: {reason}; remove it and try again")
    return python
