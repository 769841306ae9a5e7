"""Arguments of the evaluation's command line: each command with its options, defaults and help."""

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from index.cli.runner import add_models, add_reader, number
from index.encoder.model_files import DEFAULT_MODEL
from index.search.fusion import WEIGHTINGS, fuse, reciprocal_ranks, scaled_sum
from index.stores.address import open_location
from index.stores.location import Location

Commands: TypeAlias = Mapping[str, Callable[[argparse.Namespace], int]]
"""Function of each command, by its name."""

FUSIONS = {"sum": fuse, "scaled": scaled_sum, "rrf": reciprocal_ranks}
CHAT = "http://127.0.0.1:7860"
BENCH = Path(".index/bench")  # where public sets are indexed
_QUESTIONS = Path(__file__).parent / "questions.jsonl"


def parser(does: Commands) -> argparse.ArgumentParser:
    """The parser of the evaluation's command line. Each command's arguments carry, as `run`, what it does."""
    parser = argparse.ArgumentParser("python -m eval", description="Measure how good the answers are.")
    commands = parser.add_subparsers(required=True, metavar="|".join(does))
    add = partial(_command, commands, does)

    _add_run(add("run", "ask every question of a set and measure the answers"))

    command = add("compare", "compare two results; exit 1 where a measure fell")
    command.add_argument("a", type=Path, help="the result before")
    command.add_argument("b", type=Path, help="the result after")

    _add_bench(add("bench", "measure data sets in BEIR layout"))

    _add_calibrate(add("calibrate", "fit the answer decision to a set of questions, and keep it beside the builds"))

    command = add("check", "validate a set of questions against the articles")
    _add_set(command)
    command.add_argument("--folder", type=Path, help="articles (default: articles beside the set, else source_texts)")
    command.add_argument("--template", action="store_true", help="print a file to start from")

    command = add("table", "print a result as the README's table")
    command.add_argument("result", type=Path, nargs="?", help="a result (default: the newest in eval/results)")
    _add_asked(add)
    _add_reading(add)
    return parser


def _add_asked(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands on questions that were asked."""
    inbox = add("inbox", "make tests of the unanswered questions in a log, one by one")
    inbox.add_argument("--log", type=Path, metavar="DIR", required=True, help="the folder that CHAT_LOG names")
    inbox.add_argument("--set", type=Path, metavar="FILE", required=True, help="questions to which tests are added")
    _add_index(inbox)
    diff = add("diff", "compare the answers of two builds; exit 1 where one was lost")
    text = "name of a kept build or its beginning, or another index"
    diff.add_argument("builds", nargs=2, metavar="BUILD", help=text)
    asked = diff.add_mutually_exclusive_group()
    asked.add_argument("--log", type=Path, metavar="DIR", help="ask the most frequent questions of this log")
    asked.add_argument("--set", type=Path, default=_QUESTIONS, help="questions (default: %(default)s)")
    diff.add_argument("--most", type=number(1, 10**6), default=200, help="how many of a log (default: %(default)s)")
    _add_index(diff)
    add_reader(diff)


def _add_run(command: argparse.ArgumentParser) -> None:
    _add_set(command)
    command.add_argument(
        "--index",
        type=open_location,
        help="folder of the index, or postgresql://USER@HOST/DATABASE "
        "(default: .index/FOLDER for a set in FOLDER, if that is there, else .index)",
    )
    command.add_argument(
        "--today", type=_day, metavar="DATE", help="day on which all is asked whose line names none (default: today)"
    )
    command.add_argument("--json", action="store_true", help="print the measures and failures as JSON")
    command.add_argument("--report", type=Path, metavar="DIR", help="write the report as DIR/index.html")
    command.add_argument(
        "--chat",
        default=CHAT,
        metavar="URL",
        type=_address,
        help="chat that the report's links ask (default: %(default)s)",
    )
    command.add_argument("--save", type=Path, metavar="FILE", help="write the whole result, for compare and table")
    _add_signals(command)
    command.add_argument("--no-cold", action="store_true", help="do not time a cold start")


def _add_reading(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands that measure the reading of files."""
    files = add("files", "measure the reading of files whose content is known")
    files.add_argument("folder", type=Path, metavar="DIR", help="files, each with its content in FILE.json")
    files.add_argument("--example", action="store_true", help="write such files of every format into DIR")
    web = add("web", "measure trafilatura's evaluation set of web pages")
    web.add_argument("folder", type=Path, metavar="DIR", help="the folder tests of trafilatura's source")
    for command in (files, web):
        command.add_argument("--json", action="store_true", help="print the measures as JSON")
        command.add_argument("--save", type=Path, metavar="FILE", help="write the measures as JSON")
    fuzz = add("fuzz", "read damaged copies of files; exit 1 for a crash, a hang or too much memory")
    fuzz.add_argument("folder", type=Path, metavar="DIR", help="whole files of the formats to try")
    fuzz.add_argument("--files", type=number(1, 10**9), default=10_000, help="how many (default: %(default)s)")
    fuzz.add_argument(
        "--seed", type=number(0, 10**9), default=1, help="another seed, other files (default: %(default)s)"
    )
    fuzz.add_argument("--first", type=number(0, 10**9), default=0, metavar="N", help="go on from file N")
    fuzz.add_argument(
        "--keep", type=Path, default=Path(".index/fuzz"), metavar="DIR", help="where faults go (default: %(default)s)"
    )


def _add_calibrate(command: argparse.ArgumentParser) -> None:
    _add_set(command)
    _add_index(command)
    command.add_argument("--dry-run", action="store_true", help="print what would be kept, and write nothing")
    command.add_argument("--json", action="store_true", help="print the calibration as JSON")
    command.add_argument(
        "--risk",
        type=_share,
        default=0.05,
        help="share of wrong answers to be certified: says how many more answers that takes (default: %(default)s)",
    )
    command.add_argument(
        "--default",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="fit one rule to the set and to data sets in BEIR layout, as the shipped default was; writes nothing",
    )
    command.add_argument(
        "--default-read",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="data sets for the default's step of the reader, which it did not learn from",
    )
    add_reader(command)


def _share(text: str) -> float:
    """A share above 0 and below 1."""
    try:
        if 0 < (share := float(text)) < 1:
            return share
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no share between 0 and 1, such as 0.05")


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s\"'<>]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as {CHAT}")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-03-31") from error


def index_of(questions: Path) -> Location:
    """The index that a set is asked of by default: `.index/FOLDER` for a set in FOLDER, if there is one."""
    own = Path(".index", questions.resolve().parent.name)
    return open_location(own if (own / "CURRENT").is_file() else ".index")


def articles_of(questions: Path) -> Path:
    """The folder that a set is checked against by default: `articles` beside it, if there is one."""
    beside = questions.parent / "articles"
    return beside if beside.is_dir() else Path("source_texts")


def _add_set(command: argparse.ArgumentParser) -> None:
    command.add_argument("--set", type=Path, default=_QUESTIONS, help="questions (default: %(default)s)")


def _add_index(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--index",
        type=open_location,
        default=open_location(".index"),
        help="folder of the index, or postgresql://USER@HOST/DATABASE (default: %(default)s)",
    )


def _add_bench(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels/*.tsv"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object, a list for several DIRs")
    _add_signals(command)
    command.add_argument(
        "--fusion", choices=FUSIONS, default="sum", help="how they are put together (default: %(default)s)"
    )
    command.add_argument("--no-history", action="store_true", help="ask the last turn alone")
    command.add_argument(
        "--unrelated-history", type=number(0, 100), default=0, metavar="N", help="put N turns of others in front"
    )
    command.add_argument("--misspell", action="store_true", help="swap two letters of each question's longest word")
    command.add_argument("--exact-words", action="store_true", help="read no word as one that is spelt nearly so")
    command.add_argument("--hide-source", action="store_true", help="ask again with the sources hidden: auroc_hidden")
    command.add_argument("--ablation", action="store_true", help="print a table of all variants instead")
    command.add_argument("--index", type=Path, default=BENCH, help="where to index (default: %(default)s)")
    command.add_argument("--model", default=DEFAULT_MODEL, help="encoder, by hub name or folder (default: %(default)s)")
    command.add_argument("--question-prefix", help="text put in front of every question (default: the model's own)")
    command.add_argument("--passage-prefix", help="text put in front of every passage (default: the model's own)")


def _add_signals(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--signals", choices=WEIGHTINGS, default="all", help="signals to rank by (default: %(default)s)"
    )
    add_models(command)


def _command(commands: Any, does: Commands, name: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.set_defaults(run=does[name])
    return command
