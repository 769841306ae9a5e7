"""Command line of what growing costs: `python -m eval.scale [stores|workers|tables]`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from eval.arguments import add_collections
from eval.scale.fleet import man
from eval.scale.growth import SIZES, build, grow
from eval.scale.record import NAMES, read_kept, record, tables
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.record import SAVED, Damaged
from index.cli.runner import OK, run
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds import build as builder

_SHARED = 100_000  # passages of the synthetic build that workers share
_PROJECT = "source_texts"


def main(argv: list[str] | None = None) -> int:
    """Measure stores, workers or both; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _measure(arguments: argparse.Namespace) -> int:
    kept = read_kept(arguments.save)
    if arguments.what == "tables":
        print(tables(kept))
        return OK
    questions = [question.question for question in asked_alone()]
    with ExitStack() as stack:
        work = arguments.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _make(work)
        if arguments.what in ("all", "stores"):
            _stores(arguments, questions, work)
        if arguments.what in ("all", "workers"):
            _workers(arguments.save, questions, work)
    print((arguments.save / "scale.md").read_text("utf-8"))
    _say(f"results are kept in {arguments.save}: scale.json, scale.md")
    return OK


def _stores(arguments: argparse.Namespace, questions: Sequence[str], work: Path) -> None:
    if not arguments.postgresql:
        _say("without --postgresql the folder of builds alone is measured")
    for row in grow(arguments.sizes, arguments.postgresql, questions, work, _say):
        record("stores", [row], arguments.save)


def _workers(save: Path, questions: Sequence[str], work: Path) -> None:
    """What workers take over the project's own articles, and over a synthetic collection."""
    own = work / "index-project"
    passages = builder.build(ARTICLES, own, identify(DEFAULT_MODEL)).counts.passages
    for name, index, count in ((_PROJECT, own, passages), ("synthetic", build(_SHARED, work, _say)[0], _SHARED)):
        for row in man(name, index, count, questions, _say):
            record("workers", [row], save)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Damaged(f"{folder} cannot be made: {error.strerror}; name another folder with --work") from error


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m eval.scale",
        description="Measure what growing costs: bigger collections in each store, more workers on one build.",
    )
    choices, text = ("all", *NAMES, "tables"), "what to measure, or `tables`: print those of docs/scaling.md"
    parser.add_argument("what", nargs="?", choices=choices, default="all", help=f"{text} (default: all)")
    parser.add_argument(
        "--postgresql",
        metavar="DSN",
        default=os.environ.get("DSN", ""),
        help="a database to fill: what it holds goes (default: $DSN; without one the folder alone is measured)",
    )
    add_collections(parser, SIZES, SAVED)
    parser.set_defaults(run=_measure)
    return parser


if __name__ == "__main__":
    sys.exit(main())
