"""The command line of the evaluation: each command with its options, defaults and help."""

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from index.cli.runner import add_reranker
from index.encoder.model_files import DEFAULT_MODEL
from index.stores.address import open_location

Commands: TypeAlias = Mapping[str, Callable[[argparse.Namespace], int]]
"""The function of each command by its name."""

BENCH = Path(".index/bench")  # where public sets are indexed
_QUESTIONS = Path(__file__).parent / "questions.jsonl"


def parser(functions: Commands) -> argparse.ArgumentParser:
    """The parser of the evaluation's command line; it sets `run` to the function of the command."""
    parser = argparse.ArgumentParser("python -m eval", description="Measure how good the answers are.")
    commands = parser.add_subparsers(required=True, metavar="|".join(functions))
    add = partial(_command, commands, functions)

    command = add("run", "ask every question of a set and measure the answers")
    command.add_argument("--json", action="store_true", help="print the measures and failures as JSON")
    command.add_argument("--report", type=Path, metavar="DIR", help="write the report as DIR/index.html")
    command.add_argument("--save", type=Path, metavar="FILE", help="write the whole result, for compare and table")
    add_reranker(command)

    command = add("compare", "compare two results; exit 1 if a measure fell")
    command.add_argument("a", type=Path, help="the result before")
    command.add_argument("b", type=Path, help="the result after")

    command = add("bench", "measure data sets in BEIR layout")
    files = "corpus.jsonl, queries.jsonl, qrels/*.tsv"
    command.add_argument("folders", type=Path, nargs="+", metavar="DIR", help=files)
    command.add_argument("--json", action="store_true", help="print one JSON object, a list for several DIRs")
    add_reranker(command)
    command.add_argument("--ablation", action="store_true", help="print a table of all variants instead")
    command.add_argument("--index", type=Path, default=BENCH, help="where to index (default: %(default)s)")
    command.add_argument("--model", default=DEFAULT_MODEL, help="encoder, by hub name or folder (default: %(default)s)")

    _add_calibrate(add("calibrate", "fit the answer decision to a set of questions, and keep it beside the builds"))

    command = add("check", "validate a set of questions against the articles")
    command.add_argument("--folder", type=Path, default=Path("source_texts"), help="articles (default: %(default)s)")
    command.add_argument("--template", action="store_true", help="print a file to start from")

    command = add("table", "print a result as the README's table")
    command.add_argument("result", type=Path, nargs="?", help="a result (default: the newest in eval/results)")
    return parser


def _add_calibrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="print the calibration without keeping it")
    command.add_argument("--json", action="store_true", help="print the calibration as JSON")
    risk = "share of wrong answers to be certified: says how many more answers that takes (default: %(default)s)"
    command.add_argument("--risk", type=_share, default=0.05, help=risk)
    sets = "fit one rule to the set and to data sets in BEIR layout, as the shipped default was; writes nothing"
    command.add_argument("--default", type=Path, nargs="+", default=[], metavar="DIR", help=sets)


def _share(text: str) -> float:
    """A share above 0 and below 1."""
    try:
        if 0 < (share := float(text)) < 1:
            return share
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no share between 0 and 1, such as 0.05")


def _command(commands: Any, functions: Commands, name: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    if name in ("run", "calibrate", "check"):
        command.add_argument("--set", type=Path, default=_QUESTIONS, help="questions (default: %(default)s)")
    if name in ("run", "calibrate"):
        index = "folder of the index, or postgresql://USER@HOST/DATABASE (default: %(default)s)"
        command.add_argument("--index", type=open_location, default=open_location(".index"), help=index)
    command.set_defaults(run=functions[name])
    return command
