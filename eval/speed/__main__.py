"""Command line: `python -m eval.speed [rivals|ceiling|keywords|scaling|suggestions|load]`, or `compare COMMIT`."""

import argparse
import sys
from pathlib import Path

from eval.speed import load
from eval.speed.ceiling import measure_ceiling
from eval.speed.command import Measures, add_options, measure, say
from eval.speed.contenders.checkouts import MEASURES, checkout, compare
from eval.speed.contenders.competition import ARTICLES, asked_alone, compete
from eval.speed.growth.growing import SIZES, scale
from eval.speed.keywords import PASSAGES, compare_keywords
from eval.speed.suggesting import TITLES, measure_suggestions
from eval.speed.tables import SPEED
from index.cli.runner import FELL, OK, number, run
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build


def main(argv: list[str] | None = None) -> int:
    """Run one measurement or all of them, or compare two checkouts; returns the exit code."""
    given = sys.argv[1:] if argv is None else argv
    return run(_comparing, given[1:]) if given[:1] == ["compare"] else run(_parser, given)


def _compare(arguments: argparse.Namespace) -> int:
    with checkout(arguments.other) as other:
        changes = compare(other, arguments.rounds, arguments.passages, say)
    for each in changes:
        told = "  SLOWER" if each.is_slower else ""
        print(f"{MEASURES[each.measure]:<12} {each.ratio:.2f} of the time  [{each.low:.2f}, {each.high:.2f}]{told}")
    return FELL if any(each.is_slower for each in changes) else OK


def _comparing() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m eval.speed compare",
        description="Run this checkout and another one in turns; exit code 1 if this one is over a tenth slower.",
    )
    text = "a commit, or the folder of a checkout (default: %(default)s, the commit before)"
    parser.add_argument("other", nargs="?", default="HEAD~1", help=text)
    _add_extent(parser, passages=1_000)
    parser.set_defaults(run=_compare)
    return parser


def _measure(arguments: argparse.Namespace) -> int:
    def measures(work: Path) -> Measures:
        return {
            "rivals": lambda: [compete(arguments.rounds, arguments.passages, say)],
            "ceiling": lambda: [measure_ceiling(say)],
            "keywords": lambda: compare_keywords(PASSAGES, work, say),
            "scaling": lambda: scale(arguments.sizes, _questions(), work, say),
            "suggestions": lambda: [measure_suggestions(TITLES, ARTICLES, say)],
            "load": lambda: load.measure(_articles(work), _questions(), say),
        }

    return measure(SPEED, arguments, measures)


def _articles(work: Path) -> Path:
    build(ARTICLES, work / "index-project", identify(DEFAULT_MODEL))
    return work / "index-project"


def _questions() -> list[str]:
    return [question.question for question in asked_alone()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m eval.speed",
        description="Measure how fast it is: beside other pipelines, against the processor's limit, as it grows.",
    )
    add_options(parser, [*SPEED.sections], SIZES)
    _add_extent(parser, passages=2_000)
    parser.set_defaults(run=_measure)
    return parser


def _add_extent(parser: argparse.ArgumentParser, *, passages: int) -> None:
    text = "rounds of building beside each other (default: %(default)s)"
    parser.add_argument("--rounds", type=number(1, 30), default=3, help=text)
    text = "about how many passages every contender builds (default: %(default)s)"
    parser.add_argument("--passages", type=number(300, 20_000), default=passages, help=text)


if __name__ == "__main__":
    sys.exit(main())
