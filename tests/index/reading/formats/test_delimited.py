import pytest

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.formats.delimited import delimited_extract
from index.reading.formats.extract import Extract
from index.reading.formats.parsers import Parsers

NO_MATCH = ["its quotation marks do not match, so every line is read as a row. Look at its text"]


def texts(extract: Extract) -> list[str]:
    """The lines of a file whose account adds up."""
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())
    assert min([extract.repeated, *extract.skipped.values()]) >= 0
    return [text for _, text in extract.blocks]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("Year,Share\n2024,6.9%\n2025,\n", ["Year: 2024; Share: 6.9%", "Year: 2025"]),
        ("Year;Share\n2024;6,9\n2025;7,1\n", ["Year: 2024; Share: 6,9", "Year: 2025; Share: 7,1"]),
        ("1,5;2,5\n3,5;4,5\n", ["1,5; 2,5", "3,5; 4,5"]),
        ("Year\tShare\n2024\t6.9\n", ["Year: 2024; Share: 6.9"]),
        ("Year|Share\n2024|6.9\n", ["Year: 2024; Share: 6.9"]),
        ("sep=|\nYear|Share\n2024|6.9\n", ["Year: 2024; Share: 6.9"]),
        ('Year,"Share; ""all"""\n2024,"6.9\n%"\n', ['Year: 2024; Share; "all": 6.9 %']),
        (
            "Country,2023,2024\nChad,1,2\nPeru,3,4\n",
            ["Country: Chad; 2023: 1; 2024: 2", "Country: Peru; 2023: 3; 2024: 4"],
        ),
        ("国家,年份\n中国,2024\n", ["国家: 中国; 年份: 2024"]),
        ("Year,Unused\n2024,\n", ["Year; Unused", "Year: 2024"]),
        ("Year,Share\n2024,6.9,note\n", ["Year: 2024; Share: 6.9; note"]),
    ],
)
def test_rows_name_their_columns_whatever_parts_the_cells(source: str, lines: list[str]) -> None:
    assert texts(delimited_extract(source)) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("2023,1\n2024,2\n", ["2023; 1", "2024; 2"]),
        ("2023,2024\n2,4\n", ["2023; 2024", "2; 4"]),
        ("Anna,Oslo\nBo,Rome\n", ["Anna; Oslo", "Bo; Rome"]),
        ("Anna,Anna\n1,2\n", ["Anna; Anna", "1; 2"]),
        ("Year,Share\n", ["Year; Share"]),
        ("one\n\ntwo\n", ["one", "two"]),
    ],
)
def test_rows_without_a_sure_row_of_names_are_read_as_they_are(source: str, lines: list[str]) -> None:
    assert texts(delimited_extract(source)) == lines


def test_titles_and_remarks_around_a_table_name_no_column() -> None:
    source = "Costs of the harbour,\n\nYear,Costs\n2024,5\nEurope,\n2025,6\nSource: Harbour Board,\n"
    extract = delimited_extract(source)
    assert texts(extract) == [
        "Costs of the harbour",
        "Year: 2024; Costs: 5",
        "Europe",
        "Year: 2025; Costs: 6",
        "Source: Harbour Board",
    ]
    assert extract.places == tuple(zip((0, 21, 42, 49, 70), (Place("row", n) for n in (1, 4, 5, 6, 7)), strict=True))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('Year,Name\n2024,"open\n2025,b\n', ['Year: 2024; Name: "open', "Year: 2025; Name: b"]),
        ('Year,Name\n2024,"a"b\n2025,"c, d"\n', ['Year: 2024; Name: "a"b', "Year: 2025; Name: c, d"]),
    ],
)
def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(source: str, lines: list[str]) -> None:
    extract = delimited_extract(source)
    assert (texts(extract), extract.notes) == (lines, NO_MATCH)


@pytest.mark.parametrize("source", [pytest.param("a\n" * 200_001, marks=pytest.mark.slow), "a" + "," * 16_384])
def test_too_many_rows_or_columns_are_refused(source: str) -> None:
    with pytest.raises(BadArticle, match=r"\Aover 200,000 rows or 16,384 columns\. Split the file\Z"):
        delimited_extract(source)


def test_names_of_columns_do_not_multiply_a_file_without_bound() -> None:
    names = ",".join(f"{chr(97 + number // 26)}{chr(97 + number % 26)}{'x' * 90}" for number in range(600))
    rows = "".join(",".join("1" * 600) + "\n" for _ in range(900))
    with pytest.raises(BadArticle, match=r"\Aits rows with the names of their columns are too long\. Split the file\Z"):
        delimited_extract(f"{names}\n{rows}")


def test_files_of_rows_are_parsed_in_the_worker() -> None:
    with Parsers() as parsers:
        for suffix in (".csv", ".tsv"):
            extract = parsers.extract(suffix, "Year,Share\n2024,5\n")
            assert extract
            assert texts(extract) == ["Year: 2024; Share: 5"]
