"""Command line of the evaluation: `python -m eval run|compare|bench|calibrate|check|table|inbox|diff|…`."""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from app.answering.calibration import write_calibration
from app.answering.collection import Collection
from app.answering.labelled.questions import KINDS, PLAIN_KINDS, TEMPLATE, LabelledQuestion, read_questions, untouched
from app.answering.reply import Wishes, answer_of
from eval.arguments import BENCH, FUSIONS, articles_of, index_of, parser
from eval.asked import command as asked
from eval.bench import Options, ablation, index_dataset, measure
from eval.calibration import calibrate, certificate
from eval.compare import Comparison, compare
from eval.files import command
from eval.report import report_html
from eval.results import Setting, read_result, summary, write_result
from eval.run import evaluate, live_texts
from eval.samples import Sample, outside_samples, samples_of, samples_of_dataset
from eval.sets.beir import read_dataset
from eval.table import ablation_table, calibration_json, calibration_table, newest, quality_table
from index.cli.runner import FELL, OK, run
from index.encoder.model_files import Identity, identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.ingestion.background import EVERYDAY
from index.reading.folder import read_folder
from index.reading.places.folders import read_where
from index.search.fusion import WEIGHTINGS
from index.search.models import NO_MODELS, Models, chosen_models
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.certificate import fingerprints, standing


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(partial(parser, _DOES), sys.argv[1:] if argv is None else argv)


def _run(arguments: argparse.Namespace) -> int:
    arguments.index = arguments.index or index_of(arguments.set)
    searcher = Searcher.open(arguments.index.open()).ranked_by(WEIGHTINGS[arguments.signals])
    searcher = searcher.with_models(chosen_models(arguments.reader, arguments.reranker))
    encode_on_one_thread()  # as the served application does
    questions = read_questions(arguments.set, searcher.articles.by_id)
    collection = Collection.calibrated(searcher, arguments.index)
    outcomes = evaluate(
        _shown(questions, "questions"),
        lambda question, k: answer_of(collection, question.asked(), k, Wishes(today=question.today or arguments.today)),
        live_texts(read_where(searcher.manifest.folder)),
    )
    setting = Setting(
        questions=arguments.set.name,
        build=searcher.manifest.name,
        encoder=searcher.manifest.identity.model,
        date=datetime.now(UTC).date().isoformat(),
        cold_ms=None if arguments.no_cold else _cold_ms(questions[0].question, arguments),
        reader=arguments.reader,
        reranker=arguments.reranker,
        certificate=str(standing(arguments.index, searcher.manifest.identity, searcher.articles) or ""),
    )
    result = summary(outcomes, setting)
    if arguments.save:
        write_result(result, arguments.save)
    if arguments.report:
        arguments.report.mkdir(parents=True, exist_ok=True)
        page = arguments.report / "index.html"
        page.write_text(report_html({**result, "outcomes": outcomes}, arguments.chat), "utf-8")
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
    given = ["--index", str(arguments.index), "--reader", arguments.reader, "--reranker", arguments.reranker]
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
    models = chosen_models(arguments.reader, arguments.reranker)
    rows: list[dict[str, Any]] = []
    for dataset in datasets:
        location = open_location(arguments.index / dataset.name)
        searcher = Searcher.open(location.open())
        encode_on_one_thread()  # as the served application does
        searcher = searcher.ranked_by(WEIGHTINGS[arguments.signals], FUSIONS[arguments.fusion])
        searcher = searcher.literal() if arguments.exact_words else searcher
        collection = Collection.calibrated(searcher.with_models(models), location)
        if arguments.ablation:
            rows += ablation(dataset, collection)
        else:
            options = Options(
                not arguments.no_history,
                arguments.unrelated_history,
                arguments.hide_source,
                misspelt=arguments.misspell,
            )
            rows.append(
                {
                    "dataset": dataset.name,
                    "reader": arguments.reader,
                    "reranker": arguments.reranker,
                    **measure(dataset, collection, options),
                }
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
    articles = {article.id: article for article in read_folder(arguments.folder or articles_of(arguments.set)).articles}
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
    models = chosen_models(arguments.reader)
    searcher = Searcher.open(arguments.index.open()).with_models(models)
    encode_on_one_thread()  # as the served application does
    questions = [each for each in read_questions(arguments.set, searcher.articles.by_id) if each.kind in PLAIN_KINDS]
    collection = Collection.of(searcher)
    own = samples_of(_shown(questions, "questions"), collection) + outside_samples(EVERYDAY, collection)
    samples = own + _public_samples(arguments.default, searcher.manifest.identity, NO_MODELS)
    read = own + _public_samples(arguments.default_read, searcher.manifest.identity, models)
    public = bool(arguments.default)
    found = calibrate(samples, datetime.now(UTC).date().isoformat(), public=public, read=read)
    found = replace(found, certificate=certificate(samples, fingerprints(searcher.articles)))
    if arguments.json:
        print(json.dumps(calibration_json(found, arguments.risk), indent=1))
    else:
        print(calibration_table(found, arguments.risk))
    if not (arguments.dry_run or arguments.default):
        path = write_calibration(arguments.index, searcher.manifest.identity, found)
        print(f"kept in {path}; answers follow it from now on", file=sys.stderr)
    return OK


def _public_samples(folders: Sequence[Path], identity: Identity, models: Models) -> list[Sample]:
    """Samples of public sets, each with questions of the others as outside questions."""
    datasets = [read_dataset(folder) for folder in folders]
    samples: list[Sample] = []
    for dataset in datasets:
        root = BENCH / dataset.folder.resolve().name
        index_dataset(dataset, root, identity, show_progress=sys.stderr.isatty())
        collection = Collection.of(Searcher.open(open_location(root).open()).with_models(models))
        foreign = [query.text for each in datasets if each is not dataset for query in each.queries]
        samples += samples_of_dataset(dataset, collection)
        samples += outside_samples(foreign[:: max(len(foreign) // _FOREIGN, 1)], collection, dataset.name)
    return samples


def _shown(items: list[LabelledQuestion], unit: str) -> Iterable[LabelledQuestion]:
    return tqdm(items, unit=unit, disable=None, file=sys.stderr)


_FOREIGN = 150  # questions of the other sets that are asked of each set, as outside questions
_DOES = {
    "run": _run,
    "compare": _compare,
    "bench": _bench,
    "calibrate": _calibrate,
    "check": _check,
    "table": _table,
    "files": command.files,
    "web": command.web,
    "fuzz": command.fuzz,
    "inbox": asked.inbox,
    "diff": asked.diff,
}


if __name__ == "__main__":
    sys.exit(main())
