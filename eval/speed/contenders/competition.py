"""Who runs against whom: the product, and other pipelines with the same encoder on the same passages."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.questions import Question, read_questions
from eval.speed.contender import PROJECT, Contender, Failed, module
from eval.speed.contenders import environment
from eval.speed.contenders.corpus import read_passages
from eval.speed.contenders.race import Course, Entry, Race, Say
from eval.speed.tables import ANSWER, SEARCH
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reading.folder import read_folder

ARTICLES, QUESTIONS = PROJECT / "source_texts", PROJECT / "eval" / "questions.jsonl"

RIVALS = {
    "sentence-transformers + FAISS": ("plain", ()),
    "LangChain": ("langchain", ("langchain-community", "langchain-huggingface")),
    "LlamaIndex": ("llamaindex", ("llama-index-core", "llama-index-embeddings-huggingface")),
    "txtai": ("txtai", ("txtai",)),
    "txtai, hybrid": ("hybrid", ("txtai",)),
}


def compete(rounds: int, passages: int, say: Say) -> dict[str, Any]:
    """One run of all that can take part: what was measured of each, and why others failed."""
    failed: dict[str, str] = {}
    entries = [*ours(), *_installed(failed, say)]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        with Contender("starter", module("contenders.starter"), folder / "starter.log") as starter:
            course = _course(folder, rounds, passages, say)
            race = Race(entries, course, starter, say)
            figures = race.run()
    return {
        "passages": course.all["count"],
        "articles": course.real["count"],
        "rounds": rounds,
        "questions": len(course.questions),
        "contenders": figures,
        "failed": failed | race.failed,
    }


def ours() -> list[Entry]:
    """The product twice: the whole answer, and the search in it, which asks what the other has built."""
    cold = [*module("contenders.ours")[:1], "-m", "app", "ask", "--index", "{folder}", "--", "{question}"]
    return [
        Entry(ANSWER, module("contenders.ours", "answer", DEFAULT_MODEL), cold),
        Entry(SEARCH, module("contenders.ours", "search", DEFAULT_MODEL), builds=False, asks=ANSWER),
    ]


def asked_alone(folder: Path = ARTICLES, path: Path = QUESTIONS) -> list[Question]:
    """The questions of the set that have an answer and lean on no earlier one: what any pipeline can be asked."""
    articles = {article.id: article for article in read_folder(folder).articles}
    return [one for one in read_questions(path, articles.get) if one.answerable and not one.history]


def _course(folder: Path, rounds: int, passages: int, say: Say) -> Course:
    say("cutting the passages")
    with Contender("cutting", module("contenders.ours", "answer", DEFAULT_MODEL), folder / "cutting.log") as cutting:
        corpora = cutting.tell("cut", articles=str(ARTICLES), target=str(folder / "corpora"), passages=passages)
    real = {**corpora["real"], "cuts": read_passages(Path(corpora["real"]["passages"]))}
    return Course(real, corpora["all"], asked_alone(), rounds, folder)


def _installed(failed: dict[str, str], say: Say) -> Iterator[Entry]:
    """The rivals whose packages are there or can be installed; why not goes to `failed`."""
    model = str(model_folder(DEFAULT_MODEL))
    for name, (script, packages) in RIVALS.items():
        try:
            environment.install(environment.BASE, say)
            if packages:
                environment.install(packages, say)
        except Failed as error:
            failed[name] = str(error)
            say(f"{name} is out: {error}")
            continue
        command = module(f"rivals.{script}", model, python=environment.python())
        yield Entry(name, command, [*command, "--cold", "{folder}", "{question}"])
