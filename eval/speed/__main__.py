"""Command line of the speed measurements: `python -m eval.speed [rivals|ceiling|keywords|scaling|load]`."""

import argparse
import sys
from pathlib import Path

from eval.speed import load
from eval.speed.ceiling import measure_ceiling
from eval.speed.command import Measures, add_options, measure, say
from eval.speed.contenders.competition import ARTICLES, asked_alone, compete
from eval.speed.growth.growing import SIZES, scale
from eval.speed.keywords import PASSAGES, compare_keywords
from eval.speed.tables import SPEED
from index.cli.runner import run
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build


def main(argv: list[str] | None = None) -> int:
    """Run one measurement or all of them; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _measure(arguments: argparse.Namespace) -> int:
    def measures(work: Path) -> Measures:
        return {
            "rivals": lambda: [compete(say)],
            "ceiling": lambda: [measure_ceiling(say)],
            "keywords": lambda: compare_keywords(PASSAGES, work, say),
            "scaling": lambda: scale(arguments.sizes, _questions(), work, say),
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
    parser.set_defaults(run=_measure)
    return parser


if __name__ == "__main__":
    sys.exit(main())
