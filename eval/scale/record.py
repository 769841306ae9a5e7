"""What was measured, kept with its date and processor: scale.json, and the tables of it in scale.md."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.scale.tables import beyond_table, stores_table, workers_table
from eval.speed.record import SAVED, Damaged, processor, put_in_place

NAMES = ("stores", "workers")
_KEYS = {"stores": ("passages", "store"), "workers": ("passages", "workers")}
_FILE, _PAGE = "scale.json", "scale.md"
_SECTIONS: tuple[tuple[str, str, Callable[[Sequence[Mapping[str, Any]]], str], str], ...] = (
    (
        "Stores",
        "stores",
        stores_table,
        """Texts of a Zipf vocabulary made of the articles' words; vectors of {dimension} dimensions that are blends of
        real ones with noise. A folder is filled by a build whose encoder costs nothing, a database with what that
        build holds. Questions are real ones, each asked once; a search is all of it but the encoder's time. Who
        asks holds the encoder, too; what it maps of a build is pages of files, which all processes of a machine
        share. The server is {server}, on the same machine; what it holds is counted over all its processes, the
        files that the system keeps in memory for it are not. What is found is the share of the ten passages that
        stand nearest, or have the highest BM25, by comparing all, that the store's leg gives for a question when it
        is asked for ten or, as every search does, for a hundred.""",
    ),
    (
        "More passages, computed",
        "stores",
        beyond_table,
        """Nothing of this was measured: each figure is that of the largest collection above, in proportion, without
        what the encoder takes in every process.""",
    ),
    (
        "Workers on one build",
        "workers",
        workers_table,
        """`python -m app serve --workers N`, 16 askers at once, a connection for each question as a proxy has. `own` is
        in no other process, `shared` in one more at least: the mapped build, libraries, the encoder's file. All
        together counts each shared page once.""",
    ),
)


def read_kept(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that are kept of each measurement; none where nothing is. Raises Damaged."""
    path = folder / _FILE
    if not path.exists():
        return {name: [] for name in NAMES}
    try:
        kept = {name: list(json.loads(path.read_text("utf-8"))[name]) for name in NAMES}
        _page(kept)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Damaged(f"{path} cannot be read ({reason}); move it away or name another folder with --save") from error
    return kept


def record(name: str, rows: Iterable[Mapping[str, Any]], folder: Path = SAVED) -> None:
    """Keep rows in the place of those of the same size and store, or workers; others stay. Raises Damaged."""
    kept = read_kept(folder)
    measured = {"date": datetime.now(UTC).date().isoformat(), "processor": processor()}
    by_key = {_key(name, row): row for row in [*kept[name], *({**row, **measured} for row in rows)]}
    kept[name] = [by_key[key] for key in sorted(by_key)]
    folder.mkdir(parents=True, exist_ok=True)
    put_in_place(folder / _FILE, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    put_in_place(folder / _PAGE, _page(kept))


def _key(name: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[field] for field in _KEYS[name])


def _page(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    return "\n\n".join(["# What growing costs", *_sections(kept)]) + "\n"


def _sections(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for heading, name, table, note in _SECTIONS:
        if rows := kept[name]:
            when = f"{_when(rows)}. `python -m eval.scale {name}`"
            yield f"## {heading}\n\n{when}\n\n{table(rows)}\n\n{_note(note, rows)}"


def tables(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """What is kept as docs/scaling.md shows it: the tables alone, each with when and where it was measured."""
    shown = ((heading, table, kept[name]) for heading, name, table, _ in _SECTIONS if kept[name])
    return "\n\n".join(f"**{heading}**, {_when(rows)}:\n\n{table(rows)}" for heading, table, rows in shown)


def _when(rows: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(sorted({f"{row['date']}, {row['processor']}" for row in rows}))


def _note(note: str, rows: Sequence[Mapping[str, Any]]) -> str:
    servers = sorted({str(row["server"]) for row in rows if "server" in row})
    dimensions = sorted({int(row["dimension"]) for row in rows if "dimension" in row})
    values = {"server": " or ".join(servers) or "none", "dimension": " or ".join(map(str, dimensions))}
    return " ".join(note.split()).format_map(values)
