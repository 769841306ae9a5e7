"""What was measured, kept with its date and processor: speed.json, and the tables of it in speed.md."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.speed.contenders.race import COLD, TURNS, WARM
from eval.speed.tables import ceiling_table, keywords_table, load_table, race_table, scaling_table
from index.encoder.openvino_runtime import cores
from index.errors import UserError

SAVED = Path(__file__).parents[1] / "results"

_HEADINGS = {
    "rivals": "Beside other pipelines",
    "ceiling": "Against the processor's limit",
    "keywords": "Keyword search beside bm25s",
    "scaling": "As the collection grows",
    "load": "Under load",
}
_NOTES = {
    "rivals": """The same encoder for all, with each library's own defaults. Of the {passages:,} passages {articles}
        are those of `source_texts/`; the others are joined from their sentences in a seeded shuffle. Every contender is
        a process of its own, and while one works the others wait: {rounds} rounds of building, {turns} turns with
        {asked} questions in all, none of them asked before, {starts} cold starts with files in the page cache. Figures
        are medians; ratios are taken round by round and given with the least and the greatest. Ours builds from files,
        with sentence vectors and keywords, and writes durably; the others get passages already cut. A whole answer is
        decision, quotes and receipts included; theirs is a search for five. Recall is that of the {questions}
        answerable questions that lean on no earlier one, over the {articles} passages alone.""",
    "ceiling": """Rates are the best of several runs of OpenVINO on all cores, with the shapes of the encoder's own
        matrices and with large squares. The limit is that of the matrix products alone, without softmax,
        normalisation or memory. Each share of the profile is measured by itself and is one of the whole time.""",
    "keywords": """BM25 alone over {passages:,} synthetic passages, given as their tokens, with {questions} questions
        asked in turns. bm25s maps its files too (`mmap=True`). Memory of the build is what it adds at its peak to
        a process that has imported everything. Scores of both differ by at most {score_difference:.0e}, document
        frequencies in {frequency_differences} of all terms; bm25s scores all passages to score some, and has no
        documented call for document frequencies.""",
    "scaling": """Texts of a Zipf vocabulary made of the articles' words. Synthetic vectors are blends of real ones
        with noise; questions are always encoded by the real encoder. `own / mapped` is the memory of a process that
        has answered, encoder included: its own, and mapped from files. Recall is against all vectors of the build
        compared one by one. 1,000,000 passages take long: `--sizes 1000000` asks for them.""",
    "load": """Each asker waits for its answer before it asks again, and after a 503 as long as that says. The line is
        as long as the application's default allows. The memory is that of the server after each line's requests, its
        own and mapped from files. A look at `/healthz` fails where it does not end with 200.""",
}
NAMES = tuple(_HEADINGS)
_TABLES: dict[str, Callable[[Any], str]] = {
    "rivals": race_table,
    "ceiling": ceiling_table,
    "keywords": keywords_table,
    "scaling": scaling_table,
    "load": load_table,
}


class Damaged(UserError):
    """What was kept before cannot be read, or the folder of it cannot be made."""


def read_kept(folder: Path) -> dict[str, Any]:
    """What is kept of each measurement, by its name; empty where nothing is. Raises Damaged."""
    path = folder / "speed.json"
    if not path.exists():
        return {}
    try:
        kept = dict[str, Any](json.loads(path.read_text("utf-8")))
        _page(kept)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Damaged(f"{path} cannot be read ({reason}); move it away or name another folder with --save") from error
    return kept


def record(name: str, result: Any, folder: Path = SAVED) -> str:
    """Keep a result beside those of other measurements, and rows of sizes beside those of others, which stay.

    Returns the section of speed.md about it. Raises Damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = read_kept(folder)
    measured = {"date": datetime.now(UTC).date().isoformat(), "processor": processor()}
    if name == "scaling":
        before = kept[name]["result"] if name in kept else []
        rows = {row["passages"]: row for row in [*before, *({**row, **measured} for row in result)]}
        result = [rows[size] for size in sorted(rows)]
    kept[name] = {**measured, "result": result}
    put_in_place(folder / "speed.json", json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    put_in_place(folder / "speed.md", _page(kept))
    return section(name, kept[name])


def put_in_place(path: Path, text: str) -> None:
    """Write it beside and put it in place: whoever is killed meanwhile leaves the old one whole."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _page(kept: dict[str, Any]) -> str:
    sections = [section(name, kept[name]) for name in NAMES if name in kept]
    return "# How fast it is\n\n" + "\n\n".join(sections) + "\n"


def section(name: str, kept: dict[str, Any]) -> str:
    """A measurement for people: what, when, where, its tables and how they are to be read."""
    heading = f"## {_HEADINGS[name]}\n\n{kept['date']}, {kept['processor']}. `python -m eval.speed {name}`"
    notes = [_note(name, kept["result"]), *(_elsewhere(kept) if name == "scaling" else [])]
    return f"{heading}\n\n{_TABLES[name](kept['result'])}\n\n{' '.join(notes)}"


def _elsewhere(kept: dict[str, Any]) -> Iterator[str]:
    """A sentence for each size that was measured on another day or processor than the last one."""
    last = kept["date"], kept["processor"]
    for row in kept["result"]:
        if (row["date"], row["processor"]) != last:
            yield f"The line of {row['passages']:,} passages is of {row['date']}, {row['processor']}."


def processor(path: Path = Path("/proc/cpuinfo")) -> str:
    """The processor as it names itself, and how many cores of it this process may use."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    name = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor unknown"
    )
    return f"{name}, {cores()} cores"


def _note(name: str, result: Any) -> str:
    values: dict[str, Any] = result if name == "keywords" else {}
    if name == "rivals":
        rounds, asked = result["rounds"], result["questions"] - WARM
        values = {**result, "turns": rounds * TURNS, "starts": rounds * COLD, "asked": asked}
    return " ".join(_NOTES[name].split()).format_map(values)
