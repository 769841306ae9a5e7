import pytest

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.ods import ods_extract
from index.reading.formats.parsers import Parsers
from tests.index.reading.formats.test_odt import cell, opendocument, row

REPEATED = "table:number-{}-repeated='{}'"
EMPTY = f"<table:table-row {REPEATED.format('rows', 1_048_570)}>{cell('', REPEATED.format('columns', 16_384))}"
REST = f"{EMPTY}</table:table-row>"
HEAD = row(cell("Port"), cell("Ships"))


def sheet(*rows: str, name: str = "Ports", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def texts(*sheets: str) -> list[str]:
    """The lines of a spreadsheet whose account adds up."""
    extract = read(*sheets)
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())
    assert min([extract.repeated, *extract.skipped.values()]) >= 0
    return [text for _, text in extract.blocks]


def read(*sheets: str) -> Extract:
    return ods_extract(opendocument("".join(sheets), "spreadsheet"))


def test_a_sheet_is_a_section_with_the_texts_that_its_cells_show() -> None:
    ports = sheet(HEAD, row(cell("Velmora<text:s/>Bay"), cell("2<text:span>4</text:span>")), REST)
    other = sheet(row(cell("Tea")), name="Notes")
    assert texts(ports, other) == ["Ports", "Port: Velmora Bay; Ships: 24", "Notes", "Tea"]
    assert read(ports, other).places == ((0, Place("sheet", 2, "Ports")), (35, Place("sheet", 1, "Notes")))


def test_repeated_and_merged_cells_count_for_each_row() -> None:
    twice = f"<table:table-row {REPEATED.format('rows', 2)}>{cell('Ostrey')}{cell('31')}</table:table-row>"
    merged = row(cell("Velmora", "table:number-rows-spanned='2'"), cell("24"))
    lines = [
        "Port: Velmora; Ships: 24",
        "Port: Velmora; Ships: 25",
        "Port: Ostrey; Ships: 31",
        "Port: Ostrey; Ships: 31",
    ]
    below = row("<table:covered-table-cell/>", cell("25"))
    assert texts(sheet(HEAD, merged, below, twice, REST)) == ["Ports", *lines]


def test_hidden_sheets_rows_and_columns_and_comments_are_left_out_and_counted() -> None:
    message = "<table:content-validations><text:p>A port!</text:p></table:content-validations>"
    box = "<table:shapes><text:p>box</text:p></table:shapes>"
    columns = "<table:table-column/><table:table-column/><table:table-column table:visibility='collapse'/>"
    remark = "Velmora</text:p><office:annotation><text:p>Which?</text:p></office:annotation><text:p>"
    rows = [HEAD, row(cell(remark), cell("24"), cell("column"))]
    rows += [f"<table:table-row table:visibility='filter'>{cell('row')}</table:table-row>"]
    sheets = [
        message,
        sheet(box, columns, *rows),
        sheet(row(cell("hush")), name="Secret", style="Off"),
        sheet(name="Empty"),
    ]
    assert texts(*sheets) == ["Ports", "Port: Velmora; Ships: 24"]
    assert read(*sheets).skipped == {
        "messages of cells": 6,
        "charts and diagrams": 3,
        "comments": 6,
        "hidden columns": 6,
        "hidden rows": 3,
        "hidden sheets": 10,
        "names of empty sheets": 5,
    }


def test_cells_that_repeat_without_bound_are_refused() -> None:
    many = f"<table:table-row {REPEATED.format('rows', 1_048_576)}>{cell('x', REPEATED.format('columns', 99))}"
    raw = opendocument(sheet(f"{many}</table:table-row>"), "spreadsheet")
    with Parsers() as parsers, pytest.raises(BadArticle, match=r"\Aover 2,000,000 cells\. Split the file\Z"):
        parsers.extract(".ods", raw)
