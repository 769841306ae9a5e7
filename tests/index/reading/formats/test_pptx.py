import io
from collections.abc import Callable
from typing import Any

import pptx
import pytest
from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation
from pptx.util import Inches

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.parsers import Parsers
from index.reading.formats.pptx import pptx_extract
from tests.files import with_part

PART = "ppt/slides/slide1.xml"
FORMULA = (
    '<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main">'
    '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:f><m:num><m:r><m:t>1</m:t></m:r>'
    "</m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></a14:m>"
)


def presentation(fill: Callable[[Presentation], object]) -> bytes:
    made, file = pptx.Presentation(), io.BytesIO()
    fill(made)
    made.save(file)
    return file.getvalue()


def slide(made: Presentation, title: str, *texts: str, notes: str = "") -> Any:
    """A new slide with a title, a list, and notes."""
    new = made.slides.add_slide(made.slide_layouts[1])
    new.shapes.title.text = title
    new.placeholders[1].text_frame.text = "\n".join(texts)
    if notes:
        new.notes_slide.notes_text_frame.text = notes
    return new


def texts(extract: Extract) -> list[tuple[str, str]]:
    """The blocks of a presentation whose account adds up."""
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())
    assert min([extract.repeated, *extract.skipped.values()]) >= 0
    return [(kind, text) for kind, text in extract.blocks]


def box(new: Any, text: str, left: float, top: float) -> None:
    new.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = text


def test_slides_and_the_notes_of_who_speaks_are_places_of_their_own() -> None:
    def fill(made: Presentation) -> None:
        slide(made, "Harbour plan", "Dredging", "Quays", notes="Speak slowly.")
        slide(made, "Costs", "Five million.")

    extract = pptx_extract(presentation(fill))
    assert texts(extract) == [
        ("heading", "Harbour plan"),
        ("item", "Dredging"),
        ("item", "Quays"),
        ("paragraph", "Speak slowly."),
        ("heading", "Costs"),
        ("paragraph", "Five million."),
    ]
    assert extract.places == ((0, Place("slide", 1)), (28, Place("notes", 1)), (42, Place("slide", 2)))
    assert extract.header.title == "Harbour plan"


def test_shapes_are_read_from_top_to_bottom_and_groups_in_their_own_order() -> None:
    def fill(made: Presentation) -> None:
        new = made.slides.add_slide(made.slide_layouts[5])
        box(new, "below", 1, 5)
        box(new, "right", 5, 2.05)
        box(new, "left", 1, 2)
        new.shapes.title.text = "Costs"
        group = new.shapes.add_group_shape()
        for text in ("one", "two"):
            group.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = text

    assert [text for _, text in texts(pptx_extract(presentation(fill)))] == [
        "Costs",
        "left",
        "right",
        "one",
        "two",
        "below",
    ]


def test_a_table_names_its_columns_if_it_says_that_its_first_row_does() -> None:
    def fill(made: Presentation) -> None:
        for has_names in (True, False):
            new = made.slides.add_slide(made.slide_layouts[6])
            table = new.shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
            table.first_row = has_names
            for row, cells in enumerate((("Port", "Ships"), ("Velmora", "24"), ("", "31"))):
                for column, text in enumerate(cells):
                    table.cell(row, column).text = text
            table.cell(1, 0).merge(table.cell(2, 0))

    assert [text for _, text in texts(pptx_extract(presentation(fill)))] == [
        *("Port: Velmora; Ships: 24", "Port: Velmora; Ships: 31"),
        *("Port; Ships", "Velmora; 24", "Velmora; 31"),
    ]


def test_hidden_slides_struck_text_footers_comments_and_charts_are_left_out_and_counted() -> None:
    def fill(made: Presentation) -> None:
        new = slide(made, "Costs", "old")
        new.placeholders[1].text_frame.paragraphs[0].runs[0].font._element.set("strike", "sngStrike")
        data: Any = ChartData()  # type: ignore[no-untyped-call]
        data.categories = ["Velmora"]
        data.add_series("Ships", (24,))
        new.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(2), Inches(2), data)
        hidden = slide(made, "Secret", "hush", notes="Tell nobody.")
        hidden._element.set("show", "0")
        made.slides.add_slide(made.slide_layouts[6])

    board = b"<p:sp><p:txBody><a:p><a:r><a:t>Harbour Board</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"
    extract = pptx_extract(with_part(presentation(fill), "ppt/slideLayouts/slideLayout2.xml", b"</p:spTree>", board))
    assert texts(extract) == [("heading", "Costs")]
    assert extract.skipped == {
        "struck text": 3,
        "charts and diagrams": 12,
        "running headers and footers": 12,
        "hidden slides": 21,
    }
    assert extract.notes == ["slides without text: 3"]


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r>', "10⁶"),
        ('<a:r><a:t>H</a:t></a:r><a:r><a:rPr baseline="-25000"/><a:t>2</a:t></a:r><a:r><a:t>O</a:t></a:r>', "H₂O"),
        ("<a:r><a:t>a</a:t></a:r><a:br/><a:fld><a:t>b</a:t></a:fld>", "a\nb"),
        (f"<a:r><a:t>half: </a:t></a:r>{FORMULA}", "half: 1/2"),
    ],
)
def test_a_paragraph_says_what_the_slide_shows(xml: str, said: str) -> None:
    raw = with_part(presentation(lambda made: slide(made, "T", "x")), PART, b"<a:r><a:t>x</a:t></a:r>", xml.encode())
    assert texts(pptx_extract(raw)) == [("heading", "T"), ("paragraph", said)]


@pytest.mark.parametrize(
    ("title", "said"), [("plan", "plan"), ("PowerPoint Presentation", "Harbour plan"), ("x", "Harbour plan")]
)
def test_the_title_of_the_file_counts_only_if_the_slides_say_it(title: str, said: str) -> None:
    def fill(made: Presentation) -> None:
        slide(made, "Harbour plan", "Dredging")
        made.core_properties.title = title

    assert pptx_extract(presentation(fill)).header.title == said


PLAIN = presentation(lambda made: slide(made, "T", "x"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (PLAIN[:-40], "no PowerPoint presentation, or a damaged one: its archive cannot be opened"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(99),
            "encrypted, or of PowerPoint's old format. Save it as PPTX without a password",
        ),
        (with_part(PLAIN, PART, b"<p:cSld>", b"<p:cSld>" + b" " * 5_000_000), "its 0.0 MB unpack to 5 MB"),
        (with_part(PLAIN, PART, b"<p:cSld>", b"<p:cSld><"), f"its part {PART} is damaged"),
        (
            with_part(PLAIN, PART, b"<p:sld ", b'<!DOCTYPE a [<!ENTITY b "c">]><p:sld '),
            f"its part {PART} declares entities",
        ),
        (
            with_part(PLAIN, "_rels/.rels", b"relationships/officeDocument", b"x"),
            "no PowerPoint presentation: its archive has no",
        ),
    ],
)
def test_a_damaged_locked_or_hostile_presentation_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with Parsers() as parsers, pytest.raises(BadArticle, match=rf"\A{reason}"):
        parsers.extract(".pptx", raw)


def test_groups_and_formulas_that_lie_deep_in_each_other_end_no_build() -> None:
    groups = b"<p:grpSp>" * 200 + b"<p:sp><p:txBody><a:p><a:r><a:t>deep</a:t></a:r></a:p></p:txBody></p:sp>"
    raw = with_part(PLAIN, PART, b"</p:spTree>", groups + b"</p:grpSp>" * 200 + b"</p:spTree>")
    assert ("paragraph", "deep") in texts(pptx_extract(raw))
