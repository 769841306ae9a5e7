import io

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from index.errors import BadArticle
from index.reading.formats.pdf import pdf_extract
from tests.files import drawn, pdf, say

SEEN = "The harbour was dredged."


def test_form_values_are_text_at_their_place_and_notes_are_not() -> None:
    def form(canvas: Canvas) -> None:
        say(canvas, "Ship:", 72, 700)
        canvas.acroForm.textfield(name="ship", value="Aurora", x=120, y=692, height=20)
        say(canvas, "Port of Emden", 72, 640)
        canvas.textAnnotation("A note", Rect=[72, 500, 90, 520])

    extract = pdf_extract(drawn(form))
    assert [text for _, text in extract.blocks] == ["Ship:", "Aurora", "Port of Emden"]
    assert (extract.characters, extract.skipped["notes and hidden fields"]) == (27, 5)


def attached(catalog: str) -> bytes:
    with pypdfium2.PdfDocument(pdf([[SEEN]])) as document:
        document.new_attachment("rates.csv").set_data(b"1,2")
        file = io.BytesIO()
        document.save(file)
    return file.getvalue().replace(b"/UseNone", catalog.encode())


def test_attached_files_are_named_and_those_of_a_portfolio_are_missing() -> None:
    extract = pdf_extract(attached("/UseNone"))
    assert extract.notes == [
        "files attached to it are not read (1: rates.csv). Put them into the folder if they matter"
    ]
    portfolio = pdf_extract(attached("/UseNone /Collection <<>>"))
    assert portfolio.missing == ["a portfolio: its files (1: rates.csv) are not read. Put them into the folder"]


def test_a_dynamic_form_is_refused() -> None:
    raw = pdf([["Please wait..."]]).replace(b"/PageMode /UseNone", b"/AcroForm << /XFA [] >> /NeedsRendering true")
    with pytest.raises(BadArticle, match=r"\Aa dynamic form \(XFA\): its text cannot be read"):
        pdf_extract(raw)
