"""Command line of the speed measurements: `python -m eval.speed [rivals|ceiling|keywords|scaling|load]`."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.arguments import add_collections
from eval.speed.ceiling import measure_ceiling
from eval.speed.contenders.competition import ARTICLES, QUESTIONS, compete
from eval.speed.growth.scaling import SIZES, scale
from eval.speed.keywords import PASSAGES, compare_keywords
from eval.speed.load import measure, questions_of
from eval.speed.record import NAMES, SAVED, Damaged, read_kept, record
from index.cli.runner import ACT, OK, number, run
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.errors import UserError
from index.stores.builds.build import build


def main(argv: list[str] | None = None) -> int:
    """Run one measurement or all of them; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _measure(arguments: argparse.Namespace) -> int:
    _make(arguments.save, "--save")
    if arguments.work:
        _make(arguments.work, "--work")
    read_kept(arguments.save)
    measures = _measures(arguments)
    return keep(measures if arguments.what == "all" else {arguments.what: measures[arguments.what]}, arguments.save)


def keep(measures: Mapping[str, Callable[[], Iterable[Any]]], folder: Path) -> int:
    """Run these measurements and record each result as soon as it is there; the exit code.

    One that fails is named on stderr, and the others go on.
    """
    code = OK
    for name, results in measures.items():
        shown = ""
        try:
            for result in results():
                shown = record(name, result, folder)
        except UserError as error:
            _say(f"error: {name}: {error}")
            code = ACT
        if shown:
            print(shown, flush=True)
    _say(f"results are kept in {folder}: speed.json, speed.md")
    return code


def _make(folder: Path, option: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Damaged(f"{folder} cannot be made: {error.strerror}; name another folder with {option}") from error


def _measures(arguments: argparse.Namespace) -> dict[str, Callable[[], Iterable[Any]]]:
    """Each measurement by its name: what gives its results, those of the sizes one by one."""
    return {
        "rivals": lambda: [compete(arguments.rounds, arguments.passages, _say)],
        "ceiling": lambda: [measure_ceiling(_say)],
        "keywords": lambda: [compare_keywords(PASSAGES, arguments.work, _say)],
        "scaling": lambda: ([row] for row in scale(arguments.sizes, arguments.work, _say)),
        "load": lambda: [_load()],
    }


def _load() -> list[dict[str, Any]]:
    """What many askers at once meet, over an index of the project's own articles."""
    with tempfile.TemporaryDirectory() as root:
        build(ARTICLES, Path(root), identify(DEFAULT_MODEL))
        return [asdict(found) for found in measure(Path(root), questions_of(QUESTIONS), say=_say)]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m eval.speed",
        description="Measure how fast it is: beside other pipelines, against the processor's limit, as it grows.",
    )
    choices = ("all", *NAMES)
    parser.add_argument("what", nargs="?", choices=choices, default="all", help="what to measure (default: all)")
    parser.add_argument(
        "--rounds", type=number(1, 30), default=3, help="rounds of building beside each other (default: %(default)s)"
    )
    parser.add_argument(
        "--passages",
        type=number(300, 100_000),
        default=2_000,
        help="that every contender builds of (default: %(default)s)",
    )
    add_collections(parser, SIZES, SAVED)
    parser.set_defaults(run=_measure)
    return parser


if __name__ == "__main__":
    sys.exit(main())
