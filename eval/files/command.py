"""Commands that measure the reading of files."""

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from eval.files.benchmark import scores, table
from eval.files.fuzz import faults, originals
from eval.files.web import measure, read_pages
from eval.files.web import summary as web_summary
from index.cli.runner import FELL, OK

_SHOWN = 10  # refused pages


def files(arguments: argparse.Namespace) -> int:
    """Measure files whose content is known, or write such files."""
    if arguments.example:
        from eval.files.examples import write_examples
        from eval.files.samples import SAMPLES

        written = write_examples(arguments.folder, SAMPLES)
        print(f"{written} files with their content in {arguments.folder}", file=sys.stderr)
        return OK
    rows = scores(arguments.folder)
    _report([asdict(row) for row in rows], table(rows), arguments)
    return OK


def web(arguments: argparse.Namespace) -> int:
    """Measure trafilatura's evaluation set of web pages."""
    pages = read_pages(arguments.folder)
    results = list(measure(tqdm(pages, unit="pages", disable=None, file=sys.stderr)))
    summary = web_summary(results)
    lines = [f"{name:<10} {value}" for name, value in summary.items()]
    refused = [f"  {result.file}: {result.refused}" for result in results if result.refused]
    _report(
        {**summary, "results": [asdict(result) for result in results]}, "\n".join(lines + refused[:_SHOWN]), arguments
    )
    return OK


def fuzz(arguments: argparse.Namespace) -> int:
    """Read damaged files; exit 1 if one is not read or refused as it should be."""
    paths, first = originals(arguments.folder), arguments.first
    numbers = range(first, first + arguments.files)
    counts, done = Counter[str](), 0
    try:
        results = faults(paths, arguments.seed, numbers, arguments.keep)
        for fault in tqdm(results, total=len(numbers), unit="files", disable=None, file=sys.stderr):
            done += 1
            if fault:
                counts[fault.kind] += 1
                print(f"{fault.number} {fault.kind}: {arguments.keep / fault.file}\n  {fault.reason.strip()}")
    except KeyboardInterrupt:
        print(f"stopped; go on with --seed {arguments.seed} --first {first + done}", file=sys.stderr)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    print(f"{done} files read with seed {arguments.seed} from {first}; faults: {kinds or 'none'}")
    return FELL if counts.total() - counts["stopped"] else OK


def _report(result: object, text: str, arguments: argparse.Namespace) -> None:
    """Print a result, and save it where that is asked."""
    print(json.dumps(result, ensure_ascii=False, indent=1) if arguments.json else text)
    if arguments.save:
        path: Path = arguments.save
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
