"""The account of a Word document is held against a walk over all elements of its parts that carry text."""

import io
import re
import zipfile

import docx
import pytest

from index.reading.formats.docx import docx_extract
from tests.files import with_part, word
from tests.wordfiles import (
    BODY,
    OFFICE,
    PLAIN,
    SEEN,
    check,
    control,
    form,
    formula,
    in_body,
    letters,
    raised,
    run,
    symbol,
)

LINKS = "word/_rels/document.xml.rels"
DELETED = "deleted and hidden text"
CHOICES = '<w:result w:val="1"/><w:listEntry w:val="Hull"/><w:listEntry w:val="Bremen"/>'
PRIVATE = "\ue123"
BOX = f"<w:txbxContent><w:p>{run('Boxed.')}</w:p></w:txbxContent>"
PLACEHOLDER = "placeholders of form fields"
DATE = '<w:date w:fullDate="2025-03-03T00:00:00Z"/>'


@pytest.mark.parametrize(
    ("paragraph", "texts", "skipped"),
    [
        (symbol("Wingdings", "F0FE") + run(" yes ") + symbol("Wingdings", "F0A8") + run(" no"), ["☑ yes ☐ no"], {}),
        (run("5 ") + symbol("Symbol", "F0B0") + run("C") + symbol("symbol", "a3") + run("7"), ["5 °C≤7"], {}),
        (symbol("Arial", "2192") + run("\uf0e0\uf0fc", '<w:rFonts w:ascii="Wingdings"/>'), ["→→✓"], {}),
        (control(run("Click to enter"), "<w:showingPlcHdr/><w:text/>") + run("Name"), ["Name"], {PLACEHOLDER: 12}),
        (control(run("Typed"), '<w:showingPlcHdr w:val="0"/>') + control(run("3 May"), DATE), ["Typed3 May"], {}),
        (form(f"<w:ddList>{CHOICES}</w:ddList>"), ["Bremen"], {}),
        (form("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>") + run(" Paid"), ["☒ Paid"], {}),
        (form("<w:checkBox><w:default w:val='0'/></w:checkBox>") + run(" Paid"), ["☐ Paid"], {}),
        (run("9 ", "<w:strike/>") + run("8", "<w:dstrike/>") + run(" crowns"), ["crowns"], {"struck text": 2}),
        (run("live", '<w:strike w:val="false"/>'), ["live"], {}),
        (run("10") + raised("6") + run(" N in 2024") + raised("1") + run("."), ["10⁶ N in 2024 ¹."], {}),
        (run("the 3") + raised("rd") + run(" of 7") + raised("123456"), ["the 3rd of 7 123456"], {}),
        (run("log") + run("10", '<w:vertAlign w:val="subscript"/>') + run("5"), ["log₁₀5"], {}),
        (f"<w:r><w:pict><v:shape><v:textpath string='Art'/></v:shape></w:pict></w:r>{run(' deco')}", ["Art deco"], {}),
        (f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>{run('Round.')}", ["Round.", "Boxed."], {}),
        (
            f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>"
            "</mc:AlternateContent></w:r>",
            ["Boxed."],
            {},
        ),
        (f"<w:del>{symbol('Symbol', 'F061')}<w:r><w:delText>no</w:delText></w:r></w:del>", [], {DELETED: 3}),
    ],
)
def test_every_element_that_carries_text_is_read_or_counted(
    paragraph: str, texts: list[str], skipped: dict[str, int]
) -> None:
    check(in_body(f"<w:p>{paragraph}</w:p>"), texts, skipped)


def test_the_reading_of_a_character_follows_it_in_brackets() -> None:
    ruby = f"<w:ruby><w:rt>{run('とうきょう')}</w:rt><w:rubyBase>{run('東京')}</w:rubyBase></w:ruby>"
    check(in_body(f"<w:p>{run('in ')}<w:r>{ruby}</w:r>{run('!')}</w:p>"), ["in 東京(とうきょう)!"], {})


def test_a_symbol_without_a_known_character_is_lost_and_named() -> None:
    body = f"<w:p>{run('A ')}{symbol('Harbour Signs', 'F041')}{symbol('Wingdings', 'zz')}{run(PRIVATE)}</w:p>"
    extract = check(in_body(body), ["A \ufffd\ufffd\ufffd"], {}, lost=3)
    assert extract.missing == ["symbols without a known character: 3. Write them as text"]


def test_strict_documents_are_read_like_others() -> None:
    strict = in_body(
        f"<w:p><m:oMath>{formula('f', num=letters('x'), den=letters('x'))}</m:oMath>{run('no', '<w:strike/>')}</w:p>"
    )
    for name in (BODY, "_rels/.rels", LINKS, "word/styles.xml"):
        with zipfile.ZipFile(io.BytesIO(strict)) as archive:
            content = archive.read(name)
        new = re.sub(
            rb"http://schemas.openxmlformats.org/(word|office)(\w+)/2006/",
            rb"http://purl.oclc.org/ooxml/\1\2/",
            content,
        )
        strict = with_part(strict, name, content, new)
    check(strict, ["x/x"], {"struck text": 2})


def linked(kind: str, target: str, mode: str = "Internal") -> bytes:
    link = f'<Relationship Id="rId99" Type="{OFFICE}/relationships/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return with_part(PLAIN, LINKS, b"</Relationships>", f"{link}</Relationships>".encode())


@pytest.mark.parametrize(
    ("kind", "target", "mode", "missing"),
    [
        ("image", "NULL", "Internal", []),
        ("styles", "../../../etc/passwd", "Internal", []),
        ("header", "http://127.0.0.1:9/x", "External", []),
        ("header", "no.xml", "Internal", []),
        (
            "aFChunk",
            "chunk.html",
            "Internal",
            ["a file inserted into it (chunk.html) is not read. Open it in Word and save it again"],
        ),
    ],
)
def test_a_link_to_a_part_that_is_not_there_costs_no_more_than_the_part(
    kind: str, target: str, mode: str, missing: list[str]
) -> None:
    assert check(linked(kind, target, mode), [], {}).missing == missing


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Template for letters", "Minutes of March"),
        ("MINUTES  of\nMarch", "MINUTES of March"),
        ("", "Minutes of March"),
    ],
)
def test_the_title_of_a_file_counts_only_where_the_document_says_it(title: str, expected: str) -> None:
    raw = word([("Title", "Minutes of March"), ("Normal", SEEN)], title=title)
    assert docx_extract(raw).header.title == expected


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(f'<w:p>{paragraph}</w:p>' for paragraph in paragraphs)}</w:tc>"


def test_cells_of_a_table_are_held_against_the_file_as_well() -> None:
    rows = [
        cell(run("Done")) + cell(run("Load")),
        cell(symbol("Wingdings", "F0FC")) + cell(run("10") + raised("6"), run("N ") + run("old", "<w:strike/>")),
    ]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    check(in_body(f"<w:tbl>{table}</w:tbl>"), ["Done: ✓; Load: 10⁶ N"], {"struck text": 3})


def test_edges_and_comments_are_left_out_by_name() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Annual report"
    document.add_comment(document.add_paragraph(SEEN).runs, text="Which one?")
    file = io.BytesIO()
    document.save(file)
    check(file.getvalue(), [], {"running headers and footers": 12, "comments": 9})


def test_notes_follow_the_body_and_are_in_the_account() -> None:
    note = f"<w:footnote><w:p>{run('Of ')}{symbol('Symbol', 'F061')}{run('no', '<w:strike/>')}</w:p></w:footnote>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = io.BytesIO(linked("footnotes", "footnotes.xml"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", f'<w:footnotes xmlns:w="{space}">{note}</w:footnotes>')
    check(file.getvalue(), ["Of α"], {"struck text": 2})


def test_text_that_a_style_strikes_or_hides_is_left_out() -> None:
    styles = "".join(
        f'<w:style w:styleId="{name}">{based}<w:rPr>{mark}</w:rPr></w:style>'
        for name, based, mark in [
            ("Gone", "", "<w:strike/>"),
            ("Older", '<w:basedOn w:val="Gone"/>', ""),
            ("Hidden", "", "<w:vanish/>"),
            ("Loop", '<w:basedOn w:val="Loop"/>', ""),
        ]
    )
    raw = with_part(PLAIN, "word/styles.xml", b"</w:styles>", f"{styles}</w:styles>".encode())
    texts = {"Older": "old", "Hidden": "none", "Loop": "yes"}
    runs = "".join(run(text, f'<w:rStyle w:val="{name}"/>') for name, text in texts.items())
    struck = f'<w:p><w:pPr><w:pStyle w:val="Gone"/></w:pPr>{run("was")}</w:p>'
    check(in_body(f"<w:p>{runs}</w:p>{struck}", raw), ["yes"], {DELETED: 4, "struck text": 6})


def test_notes_that_are_not_in_the_file_are_told_of() -> None:
    assert check(linked("footnotes", "no.xml"), [], {}).notes == ["its part no.xml is not in the file"]


def test_names_of_parts_may_differ_in_case_and_slashes() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr("Word\\Document.xml" if name == BODY else name, source.read(name))
    assert docx_extract(file.getvalue()).blocks == [("paragraph", SEEN)]
