"""Results kept with their date and processor, in a JSON file and as Markdown tables."""

import json
import string
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from index.encoder.openvino_runtime import cores
from index.errors import UserError

SAVED = Path(__file__).parents[1] / "results"

_WHEN = ("date", "processor", "commit")
Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]


class Damaged(UserError):
    """The kept results cannot be read, or a folder cannot be made."""


@dataclass(frozen=True, slots=True)
class Section:
    """A measurement: its rows differ in the fields `key`, and the latest row of each key is kept."""

    heading: str
    key: tuple[str, ...]
    table: Callable[[Rows], str]
    note: str  # with fields of the last row in braces


@dataclass(frozen=True, slots=True)
class Record:
    """The results of `python -m eval.<name>`: <name>.json holds the rows of each section, <name>.md shows them."""

    name: str
    title: str
    sections: Mapping[str, Section]

    def read(self, folder: Path) -> dict[str, list[Row]]:
        """The kept rows of each section. Raises Damaged."""
        path = folder / f"{self.name}.json"
        if not path.exists():
            return {name: [] for name in self.sections}
        try:
            content = json.loads(path.read_text("utf-8"))
            kept = {name: list[Row](content.get(name, [])) for name in self.sections}
            self.page(kept)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"{path} cannot be read ({type(error).__name__}: {error})"
            raise Damaged(f"{reason}; move it away or name another folder with --save") from error
        return kept

    def add(self, name: str, row: Row, folder: Path) -> str:
        """Keep a row in place of an earlier one with the same key; the section of the page. Raises Damaged."""
        kept, key = self.read(folder), self.sections[name].key
        fresh = {**row, "date": datetime.now(UTC).date().isoformat(), "processor": processor(), "commit": commit()}
        by_key = {tuple(own[field] for field in key): own for own in [*kept[name], fresh]}
        kept[name] = [by_key[values] for values in sorted(by_key)]
        _replace(folder / f"{self.name}.json", json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        _replace(folder / f"{self.name}.md", self.page(kept))
        return self._shown(name, kept[name])

    def page(self, kept: Mapping[str, Rows]) -> str:
        """All sections that have rows."""
        sections = (self._shown(name, rows) for name, rows in kept.items() if rows)
        return "\n\n".join([f"# {self.title}", *sections]) + "\n"

    def tables(self, kept: Mapping[str, Rows]) -> str:
        """The tables alone, each with date and processor."""
        shown = ((self.sections[name], rows) for name, rows in kept.items() if rows)
        return "\n\n".join(f"**{own.heading}**, {_when(rows)}:\n\n{own.table(rows)}" for own, rows in shown)

    def _shown(self, name: str, rows: Rows) -> str:
        section = self.sections[name]
        note = " ".join(section.note.split()).format_map(rows[-1])
        when = f"{_when(rows)}. `python -m eval.{self.name} {name}`"
        return f"## {section.heading}\n\n{when}\n\n{section.table(rows)}\n\n{note}"


class _Cells(string.Formatter):
    """Formats missing values and None as a dash."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Row) -> Any:
        del args
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        return "–" if value is None else str(format(value, format_spec))


def markdown(columns: Mapping[str, str], rows: Rows) -> str:
    """A table with these headings; each cell is a format of a row's fields."""
    lines = [[*columns], ["---"] * len(columns)]
    lines += [[_Cells().vformat(cell, (), row) for cell in columns.values()] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines).replace("| --- ", "|---")


def make(folder: Path, option: str) -> None:
    """Make a folder that an option names. Raises Damaged."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Damaged(f"{folder} cannot be made: {error.strerror}; name another folder with {option}") from error


def processor(path: Path = Path("/proc/cpuinfo")) -> str:
    """The processor as it names itself, and the number of its cores that this process may use."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f"{next(names, 'processor unknown')}, {cores()} cores"


def commit() -> str:
    """The short name of the commit that is measured; empty outside a repository."""
    command = ["git", "describe", "--always", "--dirty"]
    found = subprocess.run(command, cwd=SAVED, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
    return found.stdout.strip()


def _when(rows: Rows) -> str:
    return "; ".join(sorted({", ".join(filter(None, map(row.get, _WHEN))) for row in rows}))


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename: a killed process leaves the old file whole."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
