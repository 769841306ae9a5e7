"""Text of a file that is not in its article is counted with its reason, whatever the format."""

import io
import time

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.encodings.decoding import declared_charset
from index.reading.formats.docx import docx_extract
from index.reading.formats.extract import Extract, placed
from index.reading.formats.markdown import markdown_extract
from index.reading.formats.pdf import pdf_extract
from index.reading.formats.webpage import webpage_extract
from tests.files import with_part, word

SEEN = "The harbour was dredged."
PLAIN = word([("Normal", SEEN)])
OTHERWISE = "drawings and stand-ins for them"
DELETED = "deleted and hidden text"
TABLE = "<table><tr><td>1<td>2"
RUN = "<w:r><w:t>yes</w:t></w:r>"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def check(extract: Extract, texts: list[str], skipped: dict[str, int]) -> None:
    assert [text for _, text in extract.blocks] == texts
    assert {reason: count for reason, count in extract.skipped.items() if count} == skipped
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())


@pytest.mark.parametrize(
    ("html", "texts", "skipped"),
    [
        (f"<p>{SEEN}<p hidden>no</p>", [SEEN], {"hidden": 2}),
        (f"<p>{SEEN}<p STYLE='Display : None'>no<b hidden>no</b></p>", [SEEN], {"hidden": 4}),
        (f"<div>{SEEN}</div><article hidden>no</article>", [SEEN], {"hidden": 2}),
        (f"<p>{SEEN}<p aria-hidden=true>Yes.", [SEEN, "Yes."], {}),
        (f"{TABLE}<tr hidden><td>3<td>4<tr><td>5<td>6<i hidden>7</i></table>", ["1; 2", "5; 6"], {"hidden": 3}),
        (f"<p>{SEEN}<noscript>no</noscript><template><p>no</p></template>", [SEEN], {OTHERWISE: 4}),
        (f"<p>{SEEN}<svg><text>no</text></svg> On.", [f"{SEEN} On."], {OTHERWISE: 2}),
        (f"<p>{SEEN} <math><mi>x</mi><mo>=</mo><mn>5</mn><annotation>x=5</annotation></math>", [f"{SEEN} x=5"], {}),
        (f"<p>{SEEN}<script>no</script><style>no</style><!-- no -->", [SEEN], {}),
        ("<p>a\n<br>\nb</p>", ["a\nb"], {}),
    ],
)
def test_what_a_page_hides_is_counted(html: str, texts: list[str], skipped: dict[str, int]) -> None:
    check(webpage_extract(f"<html><body><div itemprop=articleBody>{html}</div></body></html>"), texts, skipped)


def test_a_section_of_xhtml_is_text_and_one_of_html_a_comment() -> None:
    page = "<html><body><p>R<![CDATA[&D <b>]]>x</p></body></html>"
    check(webpage_extract(f'<?xml version="1.0"?>{page}'), ["R&D <b>x"], {})
    check(webpage_extract(page), ["R]]>x"], {})


def test_a_tag_of_very_many_attributes_is_refused_at_once() -> None:
    many = " ".join(f"a{number}='>'" for number in range(2_000))
    with pytest.raises(BadArticle, match=r"a tag has over 1,000 attributes\. Save a simpler copy"):
        webpage_extract(f"<p {many}>{SEEN}</p>")
    check(webpage_extract(f"<p title='{'word ' * 5_000}'>{SEEN}</p>"), [SEEN], {})


@pytest.mark.parametrize(
    "name", ["utf-16", "utf-32-le", "utf-7", "unicode_escape", "raw_unicode_escape", "hex", "x-no"]
)
def test_a_page_cannot_be_in_an_encoding_in_which_its_declaration_would_read_otherwise(name: str) -> None:
    assert declared_charset(f"<meta charset='{name}'>".encode()) == ""


@pytest.mark.parametrize("name", ["utf-8", "gbk", "big5", "shift_jis", "cp1251", "iso-8859-1", "euc-kr"])
def test_a_declared_encoding_is_believed(name: str) -> None:
    assert declared_charset(f"<meta charset='{name}'>".encode()) == name


@pytest.mark.parametrize(
    ("xml", "texts", "skipped"),
    [
        (f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>{RUN}</w:p>", ["yes"], {DELETED: 2}),
        ('<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>yes</w:t></w:r></w:p>', ["yes"], {}),
        ("<w:p><w:del><w:r><w:delText>no</w:delText></w:r></w:del></w:p>", [], {DELETED: 2}),
        (f"<w:p><w:moveFrom>{RUN}</w:moveFrom><w:moveTo>{RUN}</w:moveTo></w:p>", ["yes"], {DELETED: 3}),
        ("<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>", ["a-b"], {}),
        ("<w:r><w:t>loose</w:t></w:r>", ["loose"], {}),
        (f"<a:t xmlns:a='{DRAWING}'>box</a:t>", [], {"charts and diagrams": 3}),
    ],
)
def test_what_word_does_not_show_is_counted(xml: str, texts: list[str], skipped: dict[str, int]) -> None:
    raw = with_part(PLAIN, "word/document.xml", b"<w:sectPr", f"{xml}<w:sectPr".encode())
    check(docx_extract(raw), [SEEN, *texts], skipped)


def test_comments_are_counted() -> None:
    document = docx.Document()
    document.add_comment(document.add_paragraph(SEEN).runs, text="Which one?")
    file = io.BytesIO()
    document.save(file)
    check(docx_extract(file.getvalue()), [SEEN], {"comments": 9})


@pytest.mark.parametrize(
    ("span", "merged", "rows"),
    [
        ('<w:gridSpan w:val="x"/>', "", ["A; B", "C; D"]),
        ('<w:gridSpan w:val="-5"/>', "", ["A; B", "C; D"]),
        ("", "<w:vMerge/>", ["A; B", "C; D"]),
    ],
)
def test_a_cell_with_odd_properties_keeps_its_text(span: str, merged: str, rows: list[str]) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    table = f"<w:tbl><w:tr>{cell('', span)}{cell('')}</w:tr><w:tr>{cell('A')}{cell('B')}</w:tr>"
    table += f"<w:tr>{cell('C', merged)}{cell('D')}</w:tr></w:tbl><w:sectPr"
    raw = with_part(PLAIN, "word/document.xml", b"<w:sectPr", table.encode())
    check(docx_extract(raw), [SEEN, *rows], {})


def test_notes_and_fields_of_a_pdf_are_counted() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.drawString(72, 700, SEEN)
    canvas.acroForm.textfield(name="field", value="Typed in", x=72, y=600)
    canvas.textAnnotation("A note", Rect=[72, 500, 90, 520])
    canvas.save()
    check(pdf_extract(file.getvalue()), [SEEN, "Typed in"], {"notes and hidden fields": 5})


def test_places_start_with_the_blocks_that_have_text() -> None:
    one, two = Place("row", 1), Place("row", 2)
    pieces = [(" Tea ", one), ("\u200b", two), ("a", one), ("b", two)]
    assert placed(pieces) == ((0, one), (6, two))
    assert placed([]) == ()


def test_many_blank_lines_and_empty_items_take_no_time() -> None:
    began = time.process_time()
    markdown_extract("a\n" + "\n" * 50_000 + "- \n" * 5_000 + "b")
    webpage_extract(f"<p>a{' ' * 500_000}b</p>")
    assert time.process_time() - began < 10
