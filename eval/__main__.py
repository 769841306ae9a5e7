"""Command line of the evaluation: `python -m eval run|compare|bench|calibrate|check|table`."""

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from app.answering.calibration import write_calibration
from app.answering.collection import Collection
from app.answering.questions import KINDS, TEMPLATE, read_questions, untouched
from eval.ablation import ablation
from eval.arguments import BENCH, parser
from eval.beir import read_dataset
from eval.bench import index_dataset, measure
from eval.calibration import calibrate, certificate, samples_of, samples_of_dataset
from eval.compare import compare
from eval.report import report_html
from eval.results import read_result, summary, write_result
from eval.run import evaluate, live_texts
from eval.table import ablation_table, calibration_json, calibration_table, newest, quality_table
from index.cli.runner import FELL, OK, run
from index.encoder.model_files import identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.reading.folder import read_folder
from index.search.reranker import chosen_reranker
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.certificate import fingerprints, standing

_progress = partial(tqdm, unit="questions", disable=None)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(partial(parser, _FUNCTIONS), sys.argv[1:] if argv is None else argv)


def _run(arguments: argparse.Namespace) -> int:
    searcher = Searcher.open(arguments.index.open()).with_reranker(chosen_reranker(arguments.reranker))
    encode_on_one_thread()  # as the served application does
    questions = read_questions(arguments.set, searcher.articles.by_id)
    collection = Collection.calibrated(searcher, arguments.index)
    outcomes = evaluate(
        _progress(questions),
        lambda question, k: collection.answer(question.asked(), k),
        live_texts(Path(searcher.manifest.folder)),
    )
    result = {
        "questions": arguments.set.name,
        "build": searcher.manifest.name,
        "encoder": searcher.manifest.identity.model,
        "date": datetime.now(UTC).date().isoformat(),
        "reranker": arguments.reranker,
        "certificate": str(standing(arguments.index, searcher.manifest.identity, searcher.articles) or ""),
        **summary(outcomes),
    }
    if arguments.save:
        write_result(result, arguments.save)
    if arguments.report:
        arguments.report.mkdir(parents=True, exist_ok=True)
        page = arguments.report / "index.html"
        page.write_text(report_html({**result, "outcomes": outcomes}), "utf-8")
        print(f"report: {page}", file=sys.stderr)
    if arguments.json:
        del result["outcomes"]
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return OK
    print(quality_table(result))
    print(f"\np50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms; {len(result['failures'])} failures:")
    for failure in result["failures"]:
        print(f"  {failure['id']}: {'; '.join(failure['why'])}")
    return OK


def _compare(arguments: argparse.Namespace) -> int:
    comparison = compare(read_result(arguments.a)["outcomes"], read_result(arguments.b)["outcomes"])
    print(f"{'measure':<20} {'a':>7} {'b':>7}   difference, 95 % interval")
    for line in comparison.differences:
        verdict = "  FELL" if line.fell else ""
        change = f"{line.b - line.a:+.4f}  [{line.low:+.4f}, {line.high:+.4f}]"
        print(f"{line.measure:<20} {line.a:7.4f} {line.b:7.4f}   {change}{verdict}")
    for attribute in ("mended", "broken", "only_a", "only_b"):
        if names := getattr(comparison, attribute):
            print(f"{attribute.replace('only_', 'only in ')}: {', '.join(names)}")
    return FELL if comparison.fell else OK


def _bench(arguments: argparse.Namespace) -> int:
    identity = identify(arguments.model)
    datasets = [read_dataset(folder) for folder in arguments.folders]
    for dataset in datasets:
        index_dataset(dataset, arguments.index / dataset.name, identity, show_progress=sys.stderr.isatty())
    reranker = chosen_reranker(arguments.reranker)
    rows: list[dict[str, Any]] = []
    for dataset in datasets:
        location = open_location(arguments.index / dataset.name)
        encode_on_one_thread()  # as the served application does
        collection = Collection.calibrated(Searcher.open(location.open()).with_reranker(reranker), location)
        if arguments.ablation:
            rows += ablation(dataset, collection)
        else:
            rows.append({"dataset": dataset.name, "reranker": arguments.reranker, **measure(dataset, collection)})
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


def _calibrate(arguments: argparse.Namespace) -> int:
    searcher = Searcher.open(arguments.index.open())
    encode_on_one_thread()  # as the served application does
    questions = read_questions(arguments.set, searcher.articles.by_id)
    samples = samples_of(_progress(questions), Collection.of(searcher))
    for folder in arguments.default:
        dataset, root = read_dataset(folder), BENCH / folder.resolve().name
        index_dataset(dataset, root, searcher.manifest.identity, show_progress=sys.stderr.isatty())
        samples += samples_of_dataset(dataset, Collection.of(Searcher.open(open_location(root).open())))
    fitted = calibrate(samples, datetime.now(UTC).date().isoformat())
    fitted = replace(fitted, certificate=certificate(samples, fingerprints(searcher.articles)))
    if arguments.json:
        print(json.dumps(calibration_json(fitted, arguments.risk), indent=1))
    else:
        print(calibration_table(fitted, arguments.risk))
    if not (arguments.dry_run or arguments.default):
        path = write_calibration(arguments.index, searcher.manifest.identity, fitted)
        print(f"kept in {path}; answers follow it from now on", file=sys.stderr)
    return OK


_FUNCTIONS = {
    "run": _run,
    "compare": _compare,
    "bench": _bench,
    "calibrate": _calibrate,
    "check": _check,
    "table": _table,
}


if __name__ == "__main__":
    sys.exit(main())
