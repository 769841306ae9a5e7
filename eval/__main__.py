"""Command line of the evaluation: `python -m eval run|compare|bench|check|table`."""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from app.answer import Answer, compose
from eval.ablation import ablation
from eval.beir import read_dataset
from eval.bench import Options, index_dataset, measure
from eval.compare import Comparison, compare
from eval.questions import KINDS, TEMPLATE, Question, read_questions, untouched
from eval.report import report_html
from eval.results import Setting, read_result, summary, write_result
from eval.run import evaluate, live_texts
from eval.table import ablation_table, newest, quality_table
from index.commandline import FELL, OK, add_reranker, number, run
from index.encoder import encode_on_one_thread
from index.folder import read_folder
from index.fusion import SIGNALS, fuse, reciprocal_ranks, scaled_sum
from index.models import DEFAULT_MODEL, identify
from index.reranker import chosen_reranker
from index.search import Searcher

FUSIONS = {"sum": fuse, "scaled": scaled_sum, "rrf": reciprocal_ranks}
QUESTIONS = Path(__file__).parent / "questions.jsonl"


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _run(arguments: argparse.Namespace) -> int:
    searcher = Searcher.open(arguments.index).ranked_by(SIGNALS[arguments.signals])
    searcher = searcher.with_reranker(chosen_reranker(arguments.reranker))
    encode_on_one_thread()  # as the served application does
    questions = read_questions(arguments.set, searcher.articles.by_id)

    def ask(question: Question, k: int) -> Answer:
        return compose(searcher, question.question, k, question.history)

    outcomes = evaluate(_shown(questions, "questions"), ask, live_texts(Path(searcher.manifest.folder)))
    setting = Setting(
        questions=arguments.set.name,
        build=searcher.manifest.name,
        encoder=searcher.manifest.identity.model,
        date=datetime.now(UTC).date().isoformat(),
        cold_ms=None if arguments.no_cold else _cold_ms(questions[0].question, arguments),
        reranker=arguments.reranker,
    )
    result = summary(outcomes, setting)
    if arguments.save:
        write_result(result, arguments.save)
    if arguments.report:
        arguments.report.mkdir(parents=True, exist_ok=True)
        page = arguments.report / "index.html"
        page.write_text(report_html({**result, "outcomes": outcomes}), "utf-8")
        print(f"report: {page}", file=sys.stderr)
    _print_result(result, as_json=arguments.json)
    return OK


def _print_result(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                {name: value for name, value in result.items() if name != "outcomes"}, ensure_ascii=False, indent=1
            )
        )
        return
    print(quality_table(result))
    print(f"\np50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms; {len(result['failures'])} failures:")
    for failure in result["failures"]:
        print(f"  {failure['id']}: {'; '.join(failure['why'])}")


def _cold_ms(question: str, arguments: argparse.Namespace) -> float:
    """Milliseconds from starting a process to its first answer."""
    begin = time.perf_counter()
    given = ["--index", str(arguments.index), "--reranker", arguments.reranker]
    command = [sys.executable, "-m", "app", "ask", *given, "--", question]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own command
    return round((time.perf_counter() - begin) * 1000)


def _compare(arguments: argparse.Namespace) -> int:
    found = compare(read_result(arguments.a)["outcomes"], read_result(arguments.b)["outcomes"])
    print(f"{'measure':<20} {'a':>7} {'b':>7}   difference, 95 % interval")
    for line in found.differences:
        verdict = "  FELL" if line.fell else ""
        change = f"{line.b - line.a:+.4f}  [{line.low:+.4f}, {line.high:+.4f}]"
        print(f"{line.measure:<20} {line.a:7.4f} {line.b:7.4f}   {change}{verdict}")
    for label, names in _flips(found):
        print(f"{label}: {', '.join(names)}")
    return FELL if found.fell else OK


def _flips(found: Comparison) -> list[tuple[str, list[str]]]:
    flips = [
        ("mended", found.mended),
        ("broken", found.broken),
        ("only in a", found.only_a),
        ("only in b", found.only_b),
    ]
    return [(label, names) for label, names in flips if names]


def _bench(arguments: argparse.Namespace) -> int:
    identity = identify(arguments.model, arguments.question_prefix, arguments.passage_prefix)
    datasets = [read_dataset(folder) for folder in arguments.folders]
    for dataset in datasets:
        index_dataset(dataset, arguments.index / dataset.name, identity, show_progress=sys.stderr.isatty())
    reranker = chosen_reranker(arguments.reranker)
    encode_on_one_thread()  # as the served application does
    rows: list[dict[str, Any]] = []
    for dataset in datasets:
        searcher = Searcher.open(arguments.index / dataset.name)
        searcher = searcher.ranked_by(SIGNALS[arguments.signals], FUSIONS[arguments.fusion]).with_reranker(reranker)
        if arguments.ablation:
            rows += ablation(dataset, searcher)
        else:
            options = Options(not arguments.no_history, arguments.unrelated_history, arguments.hide_source)
            rows.append(
                {"dataset": dataset.name, "reranker": arguments.reranker, **measure(dataset, searcher, options)}
            )
    if arguments.json:
        print(json.dumps(rows[0] if len(rows) == 1 else rows, indent=1))
    elif arguments.ablation:
        print(ablation_table(rows))
    else:
        for row in rows:
            print("\n".join(f"{name:<16} {value}" for name, value in row.items()))
    return OK


def _check(arguments: argparse.Namespace) -> int:
    if arguments.template:
        print(TEMPLATE, end="")
        return OK
    articles = {article.id: article for article in read_folder(arguments.folder).articles}
    questions = read_questions(arguments.set, articles.get)
    counts = Counter(question.kind for question in questions)
    print(f"{arguments.set}: {len(questions)} questions, every quote found once in its article")
    for kind in KINDS:
        print(f"  {kind:<13} {counts[kind]}")
    missed = untouched(questions, articles)
    print(f"articles that no question touches: {', '.join(missed) or 'none'}")
    return OK


def _table(arguments: argparse.Namespace) -> int:
    print(quality_table(read_result(arguments.result or newest())))
    return OK


def _shown(items: list[Question], unit: str) -> Iterable[Question]:
    return tqdm(items, unit=unit, disable=None, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m eval", description="Measure how good the answers are.")
    commands = parser.add_subparsers(required=True, metavar="run|compare|bench|check|table")

    command = _command(commands, "run", _run, "ask every question of a set and measure the answers")
    command.add_argument("--set", type=Path, default=QUESTIONS, help="questions (default: %(default)s)")
    command.add_argument(
        "--index", type=Path, default=Path(".index"), help="folder of the index (default: %(default)s)"
    )
    command.add_argument("--json", action="store_true", help="print the measures and failures as JSON")
    command.add_argument("--report", type=Path, metavar="DIR", help="write the report as DIR/index.html")
    command.add_argument("--save", type=Path, metavar="FILE", help="write the whole result, for compare and table")
    _add_signals(command)
    command.add_argument("--no-cold", action="store_true", help="do not time a cold start")

    command = _command(commands, "compare", _compare, "compare two results; exit 1 where a measure fell")
    command.add_argument("a", type=Path, help="the result before")
    command.add_argument("b", type=Path, help="the result after")

    _add_bench(_command(commands, "bench", _bench, "measure data sets in BEIR layout"))

    command = _command(commands, "check", _check, "validate a set of questions against the articles")
    command.add_argument("--set", type=Path, default=QUESTIONS, help="questions (default: %(default)s)")
    command.add_argument("--folder", type=Path, default=Path("source_texts"), help="articles (default: %(default)s)")
    command.add_argument("--template", action="store_true", help="print a file to start from")

    command = _command(commands, "table", _table, "print a result as the README's table")
    command.add_argument("result", type=Path, nargs="?", help="a result (default: the newest in eval/results)")
    return parser


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
    command.add_argument("--hide-source", action="store_true", help="ask again with the sources hidden: auroc_hidden")
    command.add_argument("--ablation", action="store_true", help="print a table of all variants instead")
    command.add_argument(
        "--index", type=Path, default=Path(".index/bench"), help="where to index (default: %(default)s)"
    )
    command.add_argument("--model", default=DEFAULT_MODEL, help="encoder, by hub name or folder (default: %(default)s)")
    command.add_argument("--question-prefix", help="text put in front of every question (default: the model's own)")
    command.add_argument("--passage-prefix", help="text put in front of every passage (default: the model's own)")


def _add_signals(command: argparse.ArgumentParser) -> None:
    command.add_argument("--signals", choices=SIGNALS, default="all", help="signals to rank by (default: %(default)s)")
    add_reranker(command)


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.set_defaults(run=run)
    return command


if __name__ == "__main__":
    sys.exit(main())
