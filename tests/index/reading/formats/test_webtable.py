import pytest
from lxml.html import document_fromstring

from index.articles.article import visible
from index.reading.formats.webtable import is_data_table, table_lines

HEAD = "<tr><th>Year<th>Depth</tr>"


def lines(inner: str, attributes: str = "") -> list[tuple[str, str, int]]:
    [table] = document_fromstring(f"<table {attributes}>{inner}</table>").iter("table")
    assert is_data_table(table)
    found = list(table_lines(table))
    said = sum(visible(text) - again for _, text, again in found)
    assert said == visible("".join(table.itertext()))
    return [(kind, text, again) for kind, text, again in found]


def texts(inner: str) -> list[str]:
    return [text for _, text, _ in lines(inner)]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"{HEAD}<tr><td>2024<td>8 m</tr>", ["Year: 2024; Depth: 8 m"]),
        ("<tr><td>Find<td>Weight</tr><tr><td>Bell<td>40 kg</tr>", ["Find: Bell; Weight: 40 kg"]),
        ("<tr><td>Find<td>Find</tr><tr><td>Bell<td>40 kg</tr>", ["Find; Find", "Bell; 40 kg"]),
        ("<tr><td>2024<td>8 m</tr><tr><td>2025<td>9 m</tr>", ["2024; 8 m", "2025; 9 m"]),
        ("<thead><tr><td>2024<td>8</tr></thead><tr><td>a<td>b</tr>", ["2024: a; 8: b"]),
        (f"{HEAD}<tr><td rowspan=2>2024<td>8</tr><tr><td>9</tr>", ["Year: 2024; Depth: 8", "Year: 2024; Depth: 9"]),
        (f"{HEAD}<tr><td colspan=2>none</tr><tr><td>2<td>3</tr>", ["Year: none", "Year: 2; Depth: 3"]),
        (f"{HEAD}<tr><td>2024<td></tr><tr><td>2025<td></tr>", ["Year; Depth", "Year: 2024", "Year: 2025"]),
        (f"{HEAD}<tr><td>2024</tr><tr><td>2025<td>9<td>x</tr>", ["Year: 2024", "Year: 2025; Depth: 9; x"]),
        (f"{HEAD}<tr><td><ul><li>a<li>b</ul><td>c<br>d</tr>", ["Year: a b; Depth: c d"]),
        (f"<caption>By  year</caption>{HEAD}<tr><td>1<td>2</tr>", ["By year", "Year: 1; Depth: 2"]),
    ],
)
def test_rows_name_their_columns(inner: str, expected: list[str]) -> None:
    assert texts(inner) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"stray{HEAD}<tr><td>1<td>2</tr>", ["stray", "Year: 1; Depth: 2"]),
        (f"{HEAD}<tr><form>sent</form><td>1<td>2</tr>", ["sent", "Year: 1; Depth: 2"]),
        (f"{HEAD}between<tr>in a row<td>1</td>after<td>2</tr>", ["between in a row after", "Year: 1; Depth: 2"]),
    ],
)
def test_text_between_the_cells_stands_above_the_rows(inner: str, expected: list[str]) -> None:
    assert texts(inner) == expected


def test_what_is_said_again_is_counted_with_the_last_row() -> None:
    again = 2 * len("Year:;Depth:") - len("YearDepth")
    assert lines(f"{HEAD}<tr><td>1<td>2</tr><tr><td>3<td>4</tr>") == [
        ("row", "Year: 1; Depth: 2", 0),
        ("row", "Year: 3; Depth: 4", again),
    ]


@pytest.mark.parametrize(
    ("inner", "attributes"),
    [
        ("<tr><td>1<td>2</tr>", ""),
        ("<tr><td>1</tr><tr><td>2</tr>", ""),
        (f"{HEAD}<tr><td>1<td>2</tr>", "role=presentation"),
        (f"{HEAD}<tr><td>1<td>2</tr>", "role=none"),
        (f"{HEAD}<tr><td>1<td><h2>A page</h2></tr>", ""),
        (f"{HEAD}<tr><td>1<td><table><tr><td>2</table></tr>", ""),
        (f"{HEAD}<tr><td>1<td><p>a<p>b<p>c<p>d</tr>", ""),
        (HEAD + "<tr><td rowspan=100 colspan=100>1<td>2</tr>" * 21, ""),
    ],
)
def test_a_table_that_sets_out_a_page_is_none_of_values(inner: str, attributes: str) -> None:
    tables = list(document_fromstring(f"<table {attributes}>{inner}</table>").iter("table"))
    assert not is_data_table(tables[0])


@pytest.mark.parametrize(
    ("span", "row"), [("0", "1; 2"), ("x", "1; 2"), ("-3", "1; 2"), ("²", "1; 2"), (" 2 ", "1; 2")]
)
def test_a_span_that_is_no_number_is_one(span: str, row: str) -> None:
    assert texts(f"<tr><td colspan='{span}'>1<td>2</tr><tr><td>3<td>4<td>5</tr>")[0] == row
