import io
import zipfile

import docx
import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.docx import docx_extract
from index.reading.formats.extract import Extract
from tests.files import with_part, word

BODY = "word/document.xml"
PLAIN = word([("Normal", "The harbour was dredged.")])
SAVE = "its archive cannot be opened. Open it in Word and save it again"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def is_whole(extract: Extract) -> bool:
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    return extract.characters == kept + sum(extract.skipped.values())


def test_headings_lists_and_tables_become_blocks() -> None:
    styles = [("Title", "Harbour report"), ("Normal", "It is\tdeep."), ("Heading 2", "Depths"), ("List Bullet", "One")]
    extract = docx_extract(word(styles, [["Year", "Depth"], ["2024", "8 m"], ["2025", ""]], "Harbour report"))
    assert extract.blocks == [
        ("heading", "Harbour report"),
        ("paragraph", "It is deep."),
        ("heading", "Depths"),
        ("item", "One"),
        ("row", "Year: 2024; Depth: 8 m"),
        ("row", "Year: 2025"),
    ]
    assert (extract.header.title, extract.header.published, is_whole(extract)) == ("Harbour report", "", True)


def test_merged_cells_name_the_right_columns() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate([["Year", "Depth", "Width"], ["2024", "8 m", "90 m"], ["", "9 m", "95 m"]]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    table.cell(1, 0).merge(table.cell(2, 0))
    file = io.BytesIO()
    document.save(file)
    extract = docx_extract(file.getvalue())
    assert [text for _, text in extract.blocks] == [
        "Year: 2024; Depth: 8 m; Width: 90 m",
        "Year: 2024; Depth: 9 m; Width: 95 m",
    ]
    assert is_whole(extract)


def test_headers_and_footers_are_skipped_and_counted() -> None:
    document = docx.Document()
    document.add_paragraph("Dredged.")
    document.sections[0].header.paragraphs[0].text = "Annual report"
    document.sections[0].footer.paragraphs[0].text = "Secret"
    file = io.BytesIO()
    document.save(file)
    extract = docx_extract(file.getvalue())
    assert (extract.blocks, extract.skipped) == ([("paragraph", "Dredged.")], {"running headers and footers": 18})
    assert is_whole(extract)


def test_text_in_content_controls_links_and_insertions_is_kept() -> None:
    control = b"<w:sdt><w:sdtContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:sdtContent></w:sdt><w:sectPr"
    inserted = b"<w:p><w:ins><w:r><w:t>New </w:t></w:r></w:ins><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>"
    raw = with_part(PLAIN, BODY, b"<w:sectPr", inserted + b"</w:p>" + control)
    extract = docx_extract(raw)
    assert [text for _, text in extract.blocks] == ["The harbour was dredged.", "New link", "Boxed."]
    assert is_whole(extract)


def test_a_title_that_word_gave_is_none() -> None:
    assert (
        docx_extract(word([("Heading 1", "Ports"), ("Normal", "x")], title="Microsoft Word document")).header.title
        == "Ports"
    )


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return file.getvalue()


def shrunk() -> bytes:
    """An archive whose directory gives a part a smaller size than it unpacks to."""
    raw = bytearray(archive(part=b"x" * 5_000))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (archive(bomb=b"0" * 30_000_000), "its 0.0 MB unpack to 30 MB in 1 parts: not opened. Save a copy without its"),
        (archive(**{f"p{n}": b"x" for n in range(5_001)}), "unpack to 0 MB in 5001 parts: not opened. Save a copy"),
        (shrunk(), f"no Word document, or a damaged one: {SAVE}"),
        (with_part(PLAIN, BODY, b"<?xml", ENTITY + b"<?xml"), "declares entities: not opened"),
        (archive(a=b"x"), "no Word document: its archive has no main part. Open it in Word and save it again"),
        (PLAIN[: len(PLAIN) // 2], f"no Word document, or a damaged one: {SAVE}"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "encrypted, or of Word's old format. Save it as DOCX without a password"),
        (
            with_part(PLAIN, BODY, b"<w:body>", b"<w:body"),
            "its part word/document.xml is damaged. Open it in Word and save it again",
        ),
        (
            with_part(PLAIN, BODY, b"<w:sectPr", b"<w:p>" * 300),
            "its part word/document.xml is damaged. Open it in Word and save it again",
        ),
    ],
)
def test_a_document_that_is_damaged_or_dangerous_is_not_opened(raw: bytes, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        docx_extract(raw)
    assert message in str(caught.value)


def test_an_entity_in_another_encoding_is_found_too() -> None:
    raw = archive(**{BODY: ('<?xml version="1.0" encoding="utf-16"?>' + ENTITY.decode()).encode("utf-16")})
    with pytest.raises(BadArticle, match=r"its part word/document\.xml declares entities: not opened"):
        docx_extract(raw)
