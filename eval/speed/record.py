"""What was measured, kept with its date and processor: speed.json, and the tables of it in speed.md."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.speed.tables import ceiling_table, race_table, scaling_table

SAVED = Path(__file__).parents[1] / "results"

_HEADINGS = {
    "rivals": "Beside other pipelines",
    "ceiling": "Against the processor's limit",
    "scaling": "As the collection grows",
}
NAMES = tuple(_HEADINGS)
_TABLES: dict[str, Callable[[Any], str]] = {"rivals": race_table, "ceiling": ceiling_table, "scaling": scaling_table}


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
    match name:
        case "rivals":
            return (
                f"The same encoder for all, as each library sets it by itself. Of the {result['passages']:,} passages "
                f"{result['articles']} are those of `source_texts/`; the others are joined from their sentences in a "
                "seeded shuffle. Every contender is a process of its own, and while one works the others wait: "
                f"{result['rounds']} rounds of building, {result['rounds'] * 3} turns of {result['questions']} "
                f"questions, {result['rounds'] * 2} cold starts with files in the page cache. Figures are medians, "
                "ratios are taken round by round, with the least and the greatest. Ours builds from files, with "
                "sentence vectors and keywords, and writes durably; the others get passages already cut. A whole "
                "answer is decision, quotes and receipts included; the others' is their search for five. Recall is that "
                f"of the {result['questions']} answerable questions that lean on no earlier one, on the "
                f"{result['articles']} passages alone."
            )
        case "ceiling":
            return (
                "Rates are the best of several runs of OpenVINO on all cores, with the shapes of the encoder's own "
                "matrices; a limit that only matrix products set, without softmax, normalisation or memory. The shares "
                "of the profile are of the whole time that encoding takes; each is measured by itself."
            )
        case _:
            return (
                "Texts of a Zipf vocabulary made of the articles' words. Synthetic vectors are blends of real ones "
                "with noise; questions are always encoded by the real encoder. `own / mapped` is the memory of a "
                "process that has answered, encoder included, its own and mapped from files. Recall is against all vectors of "
                "the build compared one by one."
            )
