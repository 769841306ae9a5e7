"""Command line of what growing costs: `python -m eval.scale [stores|workers|askers|tables]`."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from eval.scale.askers import ask_together
from eval.scale.lance import side
from eval.scale.stores import SIZES, grow
from eval.scale.tables import SCALE
from eval.scale.workers import serve
from eval.speed.command import add_options, measure, say
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.growth.growing import build
from eval.speed.record import Row
from index.cli.runner import OK, run
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build as build_articles

_SHARED = 100_000  # passages of the synthetic build that workers share


def main(argv: list[str] | None = None) -> int:
    """Measure stores, workers or both; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _measure(arguments: argparse.Namespace) -> int:
    if arguments.what == "tables":
        print(SCALE.tables(SCALE.read(arguments.save)))
        return OK
    questions = [question.question for question in asked_alone()]
    return measure(
        SCALE,
        arguments,
        lambda work: {
            "stores": lambda: grow(
                arguments.sizes,
                questions,
                work,
                say,
                dsn=arguments.postgresql,
                joined=arguments.shards,
                lance=side(say) if arguments.lance else (),
            ),
            "workers": lambda: _workers(questions, work),
            "askers": lambda: _askers(arguments, questions, work),
        },
    )


def _workers(questions: list[str], work: Path) -> Iterator[Row]:
    """The workers over the project's own articles, and over a synthetic collection."""
    own = work / "index-project"
    passages = build_articles(ARTICLES, own, identify(DEFAULT_MODEL)).counts.passages
    yield from serve(f"source_texts, {passages:,} passages", own, questions, say)
    yield from serve(f"synthetic, {_SHARED:,} passages", build(_SHARED, work, say)[0], questions, say)


def _askers(arguments: argparse.Namespace, questions: list[str], work: Path) -> Iterator[Row]:
    """The application over the project's own articles in the database, if one is given."""
    if arguments.postgresql:
        own = work / "index-project"
        build_articles(ARTICLES, own, identify(DEFAULT_MODEL))
        ways = {"direct": arguments.postgresql} | ({"PgBouncer": arguments.pooler} if arguments.pooler else {})
        yield from ask_together(ways, own, questions, say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m eval.scale",
        description="Measure what growing costs: bigger collections in each store, more workers on one build. "
        "`tables` prints the tables of docs/scaling.md instead.",
    )
    add_options(parser, [*SCALE.sections, "tables"], SIZES)
    parser.add_argument(
        "--postgresql",
        metavar="DSN",
        default=os.environ.get("DSN", ""),
        help="a database whose content is replaced (default: $DSN; without one the folder alone is measured)",
    )
    parser.add_argument(
        "--shards",
        metavar="DSN",
        nargs="+",
        default=os.environ.get("SHARDS", "").split(),
        help="a database that joins others, and those, whose content is replaced (default: $SHARDS)",
    )
    text = "the same database by PgBouncer, for `askers`"
    parser.add_argument("--pooler", metavar="DSN", default=os.environ.get("POOLER", ""), help=text)
    text = "also measure LanceDB, which is installed in .venv-lance"
    parser.add_argument("--lance", action="store_true", help=text)
    parser.set_defaults(run=_measure)
    return parser


if __name__ == "__main__":
    sys.exit(main())
