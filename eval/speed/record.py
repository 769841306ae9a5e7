"""What was measured, kept with its date and processor: speed.json, and the tables of it in speed.md."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.speed.race import COLD, TURNS
from eval.speed.tables import ceiling_table, load_table, race_table, scaling_table

SAVED = Path(__file__).parents[1] / "results"

_HEADINGS = {
    "rivals": "Beside other pipelines",
    "ceiling": "Against the processor's limit",
    "scaling": "As the collection grows",
    "load": "Under load",
}
_NOTES = {
    "rivals": """The same encoder for all, with each library's own defaults. Of the {passages:,} passages {articles}
        are those of `source_texts/`; the others are joined from their sentences in a seeded shuffle. Every contender
        is a process of its own, and while one works the others wait: {rounds} rounds of building, {turns} turns with
        {questions} questions in all, {starts} cold starts with files in the page cache. Figures are medians; ratios
        are taken round by round and given with the least and the greatest. Ours builds from files, with sentence
        vectors and keywords, and writes durably; the others get passages already cut. A whole answer is decision,
        quotes and receipts included; theirs is a search for five. Recall is that of the {questions} answerable
        questions that lean on no earlier one, over the {articles} passages alone.""",
    "ceiling": """Rates are the best of several runs of OpenVINO on all cores, with the shapes of the encoder's own
        matrices and with large squares. The limit is that of the matrix products alone, without softmax,
        normalisation or memory. Each share of the profile is measured by itself and is one of the whole time.""",
    "scaling": """Texts of a Zipf vocabulary made of the articles' words. Synthetic vectors are blends of real ones
        with noise; questions are always encoded by the real encoder. `own / mapped` is the memory of a process that
        has answered, encoder included: its own, and mapped from files. Recall is against all vectors of the build
        compared one by one.""",
    "load": """Each asker waits for its answer before it asks again, and after a 503 as long as that says. The line is
        as long as the application's default allows.""",
}
NAMES = tuple(_HEADINGS)
_TABLES: dict[str, Callable[[Any], str]] = {
    "rivals": race_table,
    "ceiling": ceiling_table,
    "scaling": scaling_table,
    "load": load_table,
}


def record(name: str, result: Any, folder: Path = SAVED) -> str:
    """Keep a result beside those of other measurements, which stay; the section of speed.md about it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "speed.json"
    kept: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    kept[name] = {"date": datetime.now(UTC).date().isoformat(), "processor": processor(), "result": result}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sections = {other: section(other, kept[other]) for other in NAMES if other in kept}
    (folder / "speed.md").write_text("# How fast it is\n\n" + "\n\n".join(sections.values()) + "\n", "utf-8")
    return sections[name]


def section(name: str, kept: dict[str, Any]) -> str:
    """A measurement for people: what, when, where, its tables and how they are to be read."""
    heading = f"## {_HEADINGS[name]}\n\n{kept['date']}, {kept['processor']}. `python -m eval.speed {name}`"
    return f"{heading}\n\n{_TABLES[name](kept['result'])}\n\n{_note(name, kept['result'])}"


def processor(path: Path = Path("/proc/cpuinfo")) -> str:
    """The processor as it names itself, and how many cores of it this process may use."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    name = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor unknown"
    )
    return f"{name}, {len(os.sched_getaffinity(0))} cores"


def _note(name: str, result: Any) -> str:
    values = (
        {**result, "turns": result["rounds"] * TURNS, "starts": result["rounds"] * COLD} if name == "rivals" else {}
    )
    return " ".join(_NOTES[name].split()).format_map(values)
