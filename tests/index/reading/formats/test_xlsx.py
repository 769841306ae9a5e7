import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.parsers import Parsers
from index.reading.formats.xlsx import xlsx_extract
from tests.files import with_part

TABLE: Sequence[Sequence[object]] = [["Port", "Ships"], ["Velmora", 24], ["Ostrey", 31]]
LINES = ["Ports", "Port: Velmora; Ships: 24", "Port: Ostrey; Ships: 31"]
PART = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Worksheet], object] = lambda _: None, rows: Sequence[Sequence[object]] = TABLE) -> bytes:
    """A workbook with one sheet of these rows, and whatever a function puts there."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Ports"
    for row in rows:
        sheet.append(row)
    fill(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def texts(extract: Extract) -> list[str]:
    """The lines of a workbook whose account adds up."""
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())
    assert min([extract.repeated, *extract.skipped.values()]) >= 0
    return [text for _, text in extract.blocks]


def test_a_sheet_is_a_section_whose_rows_name_their_columns_and_are_places() -> None:
    extract = xlsx_extract(workbook())
    assert texts(extract) == LINES
    assert [kind for kind, _ in extract.blocks] == ["heading", "row", "row"]
    assert extract.places == ((0, Place("sheet", 2, "Ports")), (31, Place("sheet", 3, "Ports")))
    assert (extract.header.title, extract.missing, extract.notes) == ("", [], [])


def test_numbers_days_and_truths_are_read_as_the_sheet_shows_them() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", '#,##0.00 "€"'

    rows: Sequence[Sequence[object]] = [
        ["Day", "Share", "Costs", "Open", "At"],
        [date(2023, 12, 31), 0.069, 1234.5, True, datetime(2024, 3, 1, 12)],
    ]
    line = "Day: 2023-12-31; Share: 6.9%; Costs: 1,234.50 €; Open: TRUE; At: 2024-03-01 12:00:00"
    assert texts(xlsx_extract(workbook(fill, rows))) == ["Ports", line]


def test_every_cell_is_in_the_text_that_another_program_reads() -> None:
    rows = [[f"word{row}x{column}" for column in range(7)] for row in range(9)]
    raw = workbook(rows=rows)
    read = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(values_only=True)
    assert texts(xlsx_extract(raw)) == ["Ports", *("; ".join(map(str, row)) for row in read)]
    assert xlsx_extract(raw).characters == len("Ports") + sum(len(cell) for row in rows for cell in row)


def _hide(sheet: Worksheet) -> None:
    sheet["A5"], sheet["C3"], sheet["A6"], sheet["A7"] = "in a row", "column", "struck out", "left"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A6"].font = Font(strike=True)
    sheet["A2"].comment = Comment("Which one?", "Anna")
    chart = BarChart()
    chart.title = "Ships a year"
    sheet.add_chart(chart, "A9")
    other = sheet.parent.create_sheet("Secret")
    other["A1"], other.sheet_state = "hush", "hidden"
    sheet.parent.create_sheet("Empty")


def test_what_is_hidden_struck_or_beside_the_cells_is_left_out_and_counted_by_reason() -> None:
    extract = xlsx_extract(workbook(_hide))
    assert texts(extract) == [*LINES, "left"]
    assert extract.skipped == {
        "hidden rows": 6,
        "hidden columns": 6,
        "struck text": 9,
        "comments": 9,
        "charts and diagrams": 10,
        "hidden sheets": 10,
        "names of empty sheets": 5,
    }


def test_two_rows_of_names_are_joined_and_merged_cells_count_for_each_of_their_rows() -> None:
    def fill(sheet: Worksheet) -> None:
        for merged in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
            sheet.merge_cells(merged)

    rows: list[list[object]] = [["Port", "2024", None, "2025"], [None, "Tonnes", "Ships", "Tonnes", "Ships"]]
    rows += [["Velmora", 1, 2, 3, 4], [None, 5, 6, 7, 8]]
    assert texts(xlsx_extract(workbook(fill, rows))) == [
        "Ports",
        "Port: Velmora; 2024 Tonnes: 1; 2024 Ships: 2; 2025 Tonnes: 3; 2025 Ships: 4",
        "Port: Velmora; 2024 Tonnes: 5; 2024 Ships: 6; 2025 Tonnes: 7; 2025 Ships: 8",
    ]


def test_a_title_above_and_a_remark_below_a_table_name_no_column_and_another_table_has_its_own_names() -> None:
    rows: list[Sequence[object]] = [
        ["Ports of the bay"],
        [],
        *TABLE,
        ["Source: Board"],
        [],
        ["Day", "Tide"],
        ["Monday", 5],
    ]
    extract = xlsx_extract(workbook(lambda sheet: sheet.merge_cells("A1:B1"), rows))
    assert texts(extract) == ["Ports", "Ports of the bay", *LINES[1:], "Source: Board", "Day: Monday; Tide: 5"]
    assert extract.places[-1][1] == Place("sheet", 9, "Ports")


def test_a_formula_has_the_value_that_the_file_keeps_and_is_missing_without_one() -> None:
    raw = workbook(lambda sheet: sheet.append(["Sum", "=B2+B3"]))
    extract = xlsx_extract(raw)
    assert texts(extract) == [*LINES, "Sum"]
    assert extract.missing == ["formulas without a stored value: 1. Open it in Excel and save it again"]
    kept = xlsx_extract(with_part(raw, PART, b"<v></v>" if b"<v></v>" in part(raw, PART) else b"<v />", b"<v>55</v>"))
    assert (texts(kept), kept.missing) == ([*LINES, "Port: Sum; Ships: 55"], [])
    with pytest.raises(BadArticle, match=r"\Aformulas without a stored value: 1\. Open it in Excel"):
        xlsx_extract(workbook(rows=[["=1+1"]]))


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


@pytest.mark.parametrize(("title", "said"), [("Ports of the bay", "Ports of the bay"), ("Template 7", "")])
def test_the_title_of_the_file_counts_only_if_the_sheets_say_it(title: str, said: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.parent.properties.title = title

    assert xlsx_extract(workbook(fill, [["Ports of the bay"], *TABLE])).header.title == said


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<sheetData>", b"<sheetData><row", "its part xl/worksheets/sheet1.xml is damaged"),
        (b'r="A1"', b'r="ZZZ1"', "a cell lies outside of its sheet"),
        (
            b"<worksheet",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet',
            f"its part {PART} declares",
        ),
    ],
)
def test_a_hostile_sheet_is_refused_with_a_reason(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(BadArticle, match=rf"\A{reason}"):
        xlsx_extract(with_part(workbook(), PART, old, new))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (workbook()[:-40], "no Excel workbook, or a damaged one: its archive cannot be opened"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "encrypted, or of Excel's old format. Save it as XLSX without a password"),
        (with_part(workbook(), PART, b"<sheetData>", b"<sheetData>" + b" " * 5_000_000), "its 0.0 MB unpack to 5 MB"),
    ],
)
def test_a_bomb_and_a_damaged_or_locked_workbook_are_refused(raw: bytes, reason: str) -> None:
    with Parsers() as parsers, pytest.raises(BadArticle, match=rf"\A{reason}"):
        parsers.extract(".xlsx", raw)


def test_cells_that_lie_far_apart_and_very_many_merged_ones_are_refused() -> None:
    cell = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    diagonal = "".join(cell.format(at, get_column_letter(at)) for at in range(4, 4_600))
    with pytest.raises(BadArticle, match=r"\Aits cells lie too far apart\. Split the file\Z"):
        xlsx_extract(with_part(workbook(), PART, b"</sheetData>", f"{diagonal}</sheetData>".encode()))
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 1_100 + b"</mergeCells>"
    raw = with_part(workbook(rows=[["x"]] * 1_000), PART, b"</sheetData>", b"</sheetData>" + merges)
    with pytest.raises(BadArticle, match=r"\Atoo many of its cells are merged\. Split the file\Z"):
        xlsx_extract(raw)


def test_a_reference_to_another_file_is_not_followed() -> None:
    link = b'<Relationship Id="x" TargetMode="External" Type="http://x/comments" Target="file:///etc/passwd"/></Rel'
    raw = with_part(workbook(_hide), "xl/worksheets/_rels/sheet1.xml.rels", b"</Rel", link)
    assert texts(xlsx_extract(raw)) == [*LINES, "left"]
