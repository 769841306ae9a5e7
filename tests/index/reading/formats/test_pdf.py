import pytest

from index.articles.article import join_blocks, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.pdf import pdf_extract
from tests.files import DREDGED, pdf

JOINED = " ".join(DREDGED)


def is_whole(extract: Extract) -> bool:
    kept = sum(visible(text) for _, text in extract.blocks)
    return extract.characters == kept + sum(extract.skipped.values())


def test_lines_are_joined_to_paragraphs_and_large_ones_are_headings() -> None:
    extract = pdf_extract(pdf([["# Harbour report", "", *DREDGED, "", *DREDGED]], "Harbour report"))
    assert extract.blocks == [("heading", "Harbour report"), ("paragraph", JOINED), ("paragraph", JOINED)]
    assert (extract.header.title, extract.pages, is_whole(extract)) == ("Harbour report", (0,), True)


def test_a_line_that_had_room_for_the_next_word_ends_its_paragraph() -> None:
    extract = pdf_extract(pdf([[*DREDGED, *DREDGED]]))
    assert extract.blocks == [("paragraph", JOINED), ("paragraph", JOINED)]


def test_a_list_keeps_its_items() -> None:
    extract = pdf_extract(pdf([["• Lavender feeds bees in July.", "• Ivy feeds bees in October.", "1. First"]]))
    assert [kind for kind, _ in extract.blocks] == ["item", "item", "item"]


def test_each_page_knows_where_it_starts_in_the_text() -> None:
    extract = pdf_extract(pdf([["One."], [], ["Three."], ["[picture]"]]))
    assert extract.blocks == [("paragraph", "One."), ("paragraph", "Three.")]
    assert extract.pages == (0, 5, 5, 11)
    assert extract.blank_pages == {2: "blank", 4: "a picture: scanned?"}
    assert extract.notes == ["page 2 has no text (blank)", "page 4 has no text (a picture: scanned?)"]


def test_a_sentence_goes_on_over_the_edge_of_a_page() -> None:
    extract = pdf_extract(pdf([DREDGED[:2], DREDGED[2:]]))
    text, _ = join_blocks(extract.blocks)
    assert (text, text[extract.pages[1] :]) == (JOINED, DREDGED[2])


def test_a_word_cut_at_the_end_of_a_line_is_one_again_and_a_compound_keeps_its_hyphen() -> None:
    lines = ["The harbour was dredged for the first time in a gene-", "ration, and well-", "known ships came."]
    extract = pdf_extract(pdf([lines]))
    assert extract.blocks == [
        ("paragraph", "The harbour was dredged for the first time in a generation, and well-known ships came.")
    ]
    assert (extract.skipped["hyphens at line ends"], is_whole(extract)) == (1, True)


def test_lines_that_recur_at_the_edge_of_pages_are_skipped_and_counted() -> None:
    extract = pdf_extract(pdf([["One."], ["Two."], ["Three."]], head="Annual Report page"))
    assert [text for _, text in extract.blocks] == ["One.", "Two.", "Three."]
    assert (extract.skipped["running headers and footers"], is_whole(extract)) == (3 * len("AnnualReportpage1"), True)


@pytest.mark.parametrize(
    "rows",
    [
        ["1,204 18 77", "1,391 22 80", "1,388 19 91"],
        ["Total 12 14", "Total 15 11", "Total 19 13"],
        ["2021", "2023", "2024"],
    ],
)
def test_rows_of_a_table_at_the_edge_of_pages_are_no_running_lines(rows: list[str]) -> None:
    extract = pdf_extract(pdf([[row] for row in rows]))
    assert [text for _, text in extract.blocks] == rows
    assert (extract.skipped["running headers and footers"], is_whole(extract)) == (0, True)


def test_what_stands_on_two_pages_only_is_kept() -> None:
    extract = pdf_extract(pdf([["One."], ["Two."]], head="Annual Report page"))
    assert "Annual Report page 1" in [text for _, text in extract.blocks]


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ("Harbour report 2025", "Harbour report 2025"),
        ("Microsoft Word - draft3.docx", "Harbour report"),
        ("Budget of the town of Ames", "Harbour report"),
        ("untitled", "Harbour report"),
        ("", "Harbour report"),
    ],
)
def test_a_title_that_the_first_page_does_not_say_is_not_believed(declared: str, title: str) -> None:
    assert pdf_extract(pdf([["# Harbour report", "", *DREDGED]], declared)).header.title == title


def test_the_day_on_which_the_file_was_made_is_no_date_of_publication() -> None:
    assert pdf_extract(pdf([["Dredged."]])).header.published == ""


WHOLE = pdf([DREDGED])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (pdf([DREDGED], locked=True), "encrypted: it opens with a password only. Save it without one"),
        (WHOLE[: len(WHOLE) // 2], "no whole PDF: its end is missing. Get the file again"),
        (b"<html>not found</html>", "no whole PDF: its end is missing. Get the file again"),
        (b"%PDF-1.4\n%%EOF", "no readable PDF: it is damaged or cut short. Get the file again"),
        (pdf([[], ["[picture]"]]), "no text on its pages (2): scanned? Run text recognition (OCR) on it first"),
    ],
)
def test_a_pdf_that_cannot_be_read_whole_is_an_error(raw: bytes, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        pdf_extract(raw)
    assert str(caught.value) == message
