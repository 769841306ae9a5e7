"""Paragraphs and tables of a presentation as text, with an account of what is added and left out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.articles.article import visible
from index.reading.formats.docxmath import FORMULA, Formula
from index.reading.formats.markdown import tidy
from index.reading.formats.raised import lifted, lowered
from index.reading.formats.tablelines import Row, named_lines

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WIDEST = 100  # columns


class Paragraphs:
    """The texts of paragraphs; `skipped` counts struck text, `added` the characters that the file does not have."""

    def __init__(self) -> None:
        self.skipped = Counter[str]()
        self.added = 0

    def texts(self, shape: Any) -> Iterator[str]:
        """The paragraphs below an element that have a text."""
        return (text for paragraph in shape.iter(f"{_A}p") if (text := self._text(paragraph)))

    def _text(self, paragraph: Any) -> str:
        text = ""
        for run in paragraph.iter(f"{_A}r", f"{_A}fld", f"{_A}br", FORMULA):
            if run.tag == f"{_A}br":
                text += "\n"
            elif run.tag == FORMULA:
                formula = Formula(run)
                self.added += visible(formula.added)
                text += formula.text
            else:
                text += self._run(run, text)
        return tidy(text)

    def _run(self, run: Any, before: str) -> str:
        text, style = run.findtext(f"{_A}t") or "", run.find(f"{_A}rPr")
        if style is None:
            return text
        if style.get("strike", "noStrike") != "noStrike":
            self.skipped["struck text"] += visible(text)
            return ""
        raised = style.get("baseline", "0").rstrip("%")
        if raised.startswith("-"):
            return lowered(text) or text
        return lifted(before, text) if raised.strip("0.") else text


def table_lines_of(table: Any, paragraphs: Paragraphs) -> Iterator[str]:
    """The rows of a table; its first row names the columns if the table says so."""
    properties = table.find(f"{_A}tblPr")
    rows: list[Row] = []
    for number, row in enumerate(table.iterfind(f"{_A}tr")):
        cells: list[str] = []
        for cell in list(row.iterfind(f"{_A}tc"))[:_WIDEST]:
            text = " ".join(" ".join(paragraphs.texts(cell)).split())
            above = rows[-1][1][len(cells)] if rows and len(rows[-1][1]) > len(cells) else ""
            is_again = cell.get("vMerge") in ("1", "true") and not text
            paragraphs.added += visible(above) if is_again else 0
            cells.append(above if is_again else text)
        rows.append((number, cells))
    names = rows[0][1] if rows else []
    has_names = properties is not None and properties.get("firstRow") in ("1", "true") and len(rows) > 1
    is_named = has_names and len(names) > 1 and len(set(filter(None, names))) == len(list(filter(None, names)))
    for line in named_lines(rows, 0, int(is_named)):
        paragraphs.added += line.added
        yield line.text
