"""The account of a PDF is held against the glyphs that PDFium counts."""

import io
import re
from collections.abc import Callable

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.lib.colors import Color, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.pdf import pdf_extract
from tests.files import DREDGED, drawn, pdf, say

SEEN = "The harbour was dredged."
LEFT = ["The committee reviewed the yearly", "report of the harbour and asked us", "for more figures on the oak piles."]
RIGHT = ["The budget for the coming year is", "approved by a large majority of the", "members who were present there."]


def rows(canvas: Canvas) -> None:
    for row, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        say(canvas, left, 72, 700 - 12 * row)
        say(canvas, right, 320, 700 - 12 * row)


def table(canvas: Canvas) -> None:
    for row, (town, ships) in enumerate([("Bremen", "124 ships"), ("Emden", "18 ships"), ("Leer", "7 ships")]):
        say(canvas, town, 72, 700 - 12 * row)
        say(canvas, ships, 320, 700 - 12 * row)


def raised(canvas: Canvas) -> None:
    pieces = [
        "The load is 10",
        "6",
        " N, the output rose to 2024",
        "1",
        " units, x",
        "2",
        " grew, the 3",
        "rd",
        " too.",
    ]
    x = 72.0
    for number, piece in enumerate(pieces):
        size, y = (7, 704) if number % 2 else (10, 700)
        say(canvas, piece, x, y, size)
        x += canvas.stringWidth(piece, "Helvetica", size)


def lowered(canvas: Canvas) -> None:
    x = 72.0
    for piece, y, size in (("CO", 700, 10), ("2", 698, 7), (" fell.", 700, 10)):
        say(canvas, piece, x, y, size)
        x += canvas.stringWidth(piece, "Helvetica", size)


def struck(canvas: Canvas) -> None:
    say(canvas, f"{SEEN} Not now.")
    start, end = (72 + canvas.stringWidth(text, "Helvetica", 10) for text in (f"{SEEN} ", f"{SEEN} Not now."))
    canvas.line(start, 703, end, 703)


def unseen(canvas: Canvas) -> None:
    say(canvas, SEEN)
    say(canvas, "Off the page.", -200)
    canvas.saveState()
    canvas.setFillColor(white)
    say(canvas, "White.", 72, 600)
    canvas.setFillColor(Color(0, 0, 0.4))
    canvas.rect(70, 490, 200, 30, fill=1)
    canvas.setFillColor(white)
    say(canvas, "White on blue.", 72, 500)
    canvas.restoreState()
    text = canvas.beginText(72, 400)
    text.setTextRenderMode(3)
    text.textOut("Hidden.")
    canvas.drawText(text)


def watermark(canvas: Canvas) -> None:
    say(canvas, SEEN)
    canvas.saveState()
    canvas.setFillGray(0.85)
    canvas.translate(200, 300)
    canvas.rotate(45)
    say(canvas, "PREVIEW", 0, 0, 70)
    canvas.restoreState()


def turned(canvas: Canvas) -> None:
    canvas.translate(100, 100)
    canvas.rotate(90)
    for row, line in enumerate(DREDGED):
        say(canvas, line, 0, -12 * row)


def picture(canvas: Canvas) -> None:
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("L", (20, 20), 200)), 0, 0, 595, 842)
    say(canvas, "Harbour tariff 2026")


def hidden_over_picture(canvas: Canvas) -> None:
    picture(canvas)
    text = canvas.beginText(72, 400)
    text.setTextRenderMode(3)
    for _ in range(8):
        text.textLine(SEEN)
    canvas.drawText(text)


def mute(*lines: str, are_letters: bool = False) -> bytes:
    """A PDF of lines in a font that does not say which characters its glyphs are, and of a line in another.

    The codes of its glyphs are those of letters, or count from 1.
    """
    name = f"Vera{are_letters}"
    pdfmetrics.registerFont(TTFont(name, "VeraBd.ttf" if are_letters else "Vera.ttf", asciiReadable=are_letters))
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.setFont(name, 10)
    for row, line in enumerate(lines):
        canvas.drawString(72, 600 - 12 * row, line)
    say(canvas, SEEN)
    canvas.save()
    return re.sub(rb"/ToUnicode \d+ 0 R", b"", file.getvalue())


FIXTURES = [rows, table, raised, lowered, struck, unseen, watermark, turned, picture, hidden_over_picture]


@pytest.mark.parametrize("draw", FIXTURES)
def test_the_account_adds_up_to_the_glyphs_of_the_pages(draw: Callable[[Canvas], None]) -> None:
    raw = drawn(draw, 2)
    extract = pdf_extract(raw)
    glyphs = 0
    with pypdfium2.PdfDocument(raw) as document:
        for page in document:
            textpage = page.get_textpage()
            glyphs += sum(
                not pdfium.FPDFText_IsGenerated(textpage, index)
                and pdfium.FPDFText_GetUnicode(textpage, index) != ord(" ")
                for index in range(textpage.count_chars())
            )
    kept = sum(visible(text) for _, text in extract.blocks)
    assert (extract.characters, kept + sum(extract.skipped.values())) == (glyphs, glyphs)


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


def test_columns_drawn_row_by_row_are_read_one_after_the_other_and_the_page_is_named() -> None:
    extract = pdf_extract(drawn(rows))
    assert " ".join(texts(extract)) == " ".join([*LEFT, *RIGHT])
    assert extract.notes == ["page 1 is drawn row by row over its columns, which are read one after the other"]


def test_the_rows_of_a_table_stay_rows() -> None:
    extract = pdf_extract(drawn(table))
    assert (texts(extract), extract.notes) == (["Bremen 124 ships", "Emden 18 ships", "Leer 7 ships"], [])


def test_raised_numbers_are_powers_and_marks_of_notes_stand_apart() -> None:
    assert texts(pdf_extract(drawn(raised))) == [
        "The load is 10⁶ N, the output rose to 2024 ¹ units, x² grew, the 3rd too."
    ]
    assert texts(pdf_extract(drawn(lowered))) == ["CO2 fell."]


def test_struck_text_is_left_out_and_counted() -> None:
    extract = pdf_extract(drawn(struck))
    assert (texts(extract), extract.skipped["struck text"]) == ([SEEN], 7)


def test_text_that_nobody_sees_is_left_out_by_its_reason() -> None:
    extract = pdf_extract(drawn(unseen))
    assert texts(extract) == [SEEN, "White on blue."]
    reasons = ("text outside the page", "white text", "hidden text")
    assert [extract.skipped[reason] for reason in reasons] == [11, 6, 7]


def test_hidden_text_over_a_picture_of_the_page_is_its_recognised_text() -> None:
    extract = pdf_extract(drawn(hidden_over_picture))
    assert " ".join(texts(extract)).count(SEEN) == 8
    assert (extract.missing, extract.blank_pages) == ([], {})


def test_a_watermark_is_no_title_and_goes_where_it_is_on_every_page() -> None:
    extract = pdf_extract(drawn(watermark))
    assert (extract.header.title, texts(extract)) == ("", [SEEN, "PREVIEW"])
    assert texts(pdf_extract(drawn(watermark, 3))) == [SEEN] * 3


def test_text_that_goes_up_the_page_is_read_as_lines() -> None:
    assert texts(pdf_extract(drawn(turned))) == [" ".join(DREDGED)]


def test_a_page_that_is_mostly_a_picture_is_missing_although_it_has_a_running_line() -> None:
    extract = pdf_extract(drawn(picture, 2))
    assert extract.blank_pages == {1: "a picture: scanned?", 2: "a picture: scanned?"}
    assert extract.missing == ["page 1 is mostly a picture: scanned?", "page 2 is mostly a picture: scanned?"]


def test_a_page_named_over_and_over_is_refused() -> None:
    raw = pdf([[SEEN]])
    kids = raw[raw.index(b"/Kids [") :].split(b"]")[0] + b"]"
    many = b"/Kids [" + kids[7:-1] * 10_001 + b"]"
    with pytest.raises(BadArticle, match=r"\Aover 10,000 pages. Split the file\Z"):
        pdf_extract(raw.replace(kids, many).replace(b"/Count 1 ", b"/Count 10001 "))


def test_a_file_whose_text_nobody_sees_says_so() -> None:
    with pytest.raises(BadArticle, match="that can be seen: it is white, hidden or off the page"):
        pdf_extract(drawn(lambda canvas: say(canvas, SEEN, -400)))


def test_nuls_after_the_end_are_no_damage() -> None:
    assert texts(pdf_extract(pdf([[SEEN]]) + bytes(5_000))) == [SEEN]


def test_glyphs_without_a_character_are_lost_and_not_indexed() -> None:
    extract = pdf_extract(mute("A broken text", "of two lines"))
    assert texts(extract) == [SEEN]
    assert extract.missing == ["page 1: 21 glyphs have no known character. Run text recognition (OCR) on it"]
    assert extract.characters == visible(SEEN) + 21


def test_codes_that_read_as_words_are_believed() -> None:
    extract = pdf_extract(mute("A readable text", are_letters=True))
    assert (texts(extract), extract.missing) == (["A readable text", SEEN], [])
