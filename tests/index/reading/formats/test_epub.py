"""Books."""

from collections.abc import Mapping

import pytest
from lxml import etree

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats import epub
from index.reading.formats.epub import epub_extract
from index.reading.formats.extract import Extract
from tests.packing import packed

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="in/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The  Harbour</dc:title>
<dc:creator>Maria Silva</dc:creator><dc:creator>Bo Li</dc:creator><dc:date>2024-05-01</dc:date>
<dc:language>en</dc:language></metadata>
<manifest><item id="two" href="c%202.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="more" href="more.xhtml" media-type="application/xhtml+xml"/>
<item id="picture" href="a.png" media-type="image/png"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="picture"/></spine></package>"""
XHTML = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title/><style>p {{}}</style></head><body>{}</body></html>"""
ONE = """<header><h1>Tides</h1></header><section class="sidebar"><p>The tide turns<a
epub:type="noteref" href="#n"><sup>1</sup></a>
twice a day.</p><aside epub:type="footnote" id="n"><p>1 At most places.</p></aside></section>"""
BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "in/book.opf": OPF,
    "in/one.xhtml": XHTML.format(ONE),
    "in/c 2.xhtml": XHTML.format("<h1>Cranes</h1><p>A crane lifts<br/>nine tons.</p><ul><li>a</li></ul>"),
    "in/nav.xhtml": XHTML.format("<nav><ol><li>Tides</li><li>Cranes</li></ol></nav>"),
    "in/more.xhtml": XHTML.format("<p>Not for reading.</p>"),
}


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


def book(changes: Mapping[str, str | bytes] | None = None) -> bytes:
    return packed({**BOOK, **(changes or {})})


def independent(files: Mapping[str, str | bytes]) -> int:
    """The visible characters of the bodies of all pages, by a walk over their own text nodes."""
    pages = [content for name, content in files.items() if name.endswith(".xhtml") and isinstance(content, str)]
    bodies = [etree.fromstring(page.encode()).find("{*}body") for page in pages]
    return sum(visible("".join(body.itertext())) for body in bodies if body is not None)


@pytest.mark.parametrize("more", ["", "<p>x<sup>2</sup> and <s>old</s> 1. e4 &#233;</p><ol><li>a</li></ol>"])
def test_the_account_holds_an_independent_count(more: str) -> None:
    files = {**BOOK, "in/one.xhtml": XHTML.format(ONE + more)}
    extract = epub_extract(packed(files))
    assert extract.characters == independent(files)
    kept = sum(visible(text) for text in texts(extract)) - extract.repeated
    assert kept + sum(extract.skipped.values()) == extract.characters


def test_a_book_is_read_chapter_by_chapter_with_its_notes() -> None:
    extract = epub_extract(book())
    assert extract.blocks == [
        ("heading", "Tides"),
        ("paragraph", "The tide turns¹ twice a day."),
        ("paragraph", "1 At most places."),
        ("heading", "Cranes"),
        ("paragraph", "A crane lifts\nnine tons."),
        ("item", "a"),
    ]
    assert extract.skipped == {"table of contents": 11, "pages outside the order of reading": 14}


def test_its_package_says_title_authors_day_and_language() -> None:
    header = epub_extract(book()).header
    assert (header.title, header.publisher) == ("The Harbour", "Maria Silva, Bo Li")
    assert (header.published, header.language) == ("2024-05-01", "en")


EVENT = 'xmlns:o="http://www.idpf.org/2007/opf" o:event="modification"'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<dc:language>", "<dc:publisher>Quay Press</dc:publisher><dc:language>", ("Quay Press", "2024-05-01")),
        ("<dc:language>", "<dc:date>2025</dc:date><dc:language>", ("Maria Silva, Bo Li", "")),
        ("<dc:date>", f"<dc:date {EVENT}>", ("Maria Silva, Bo Li", "")),
    ],
)
def test_the_publisher_goes_before_and_an_uncertain_day_is_none(old: str, new: str, expected: tuple[str, str]) -> None:
    header = epub_extract(book({"in/book.opf": OPF.replace(old, new)})).header
    assert (header.publisher, header.published) == expected


def test_an_older_book_names_its_contents_in_a_guide() -> None:
    old = OPF.replace(' properties="nav"', "").replace(
        "</package>", '<guide><reference type="toc" href="nav.xhtml#top"/></guide></package>'
    )
    assert epub_extract(book({"in/book.opf": old})).skipped["table of contents"] == 11


def test_a_page_that_is_no_sound_xml_is_read_as_a_browser_does() -> None:
    extract = epub_extract(book({"in/one.xhtml": "<html><body><p>Caf&eacute; &amp; quay<p>Open</body></html>"}))
    assert texts(extract)[:2] == ["Café & quay", "Open"]


def test_an_element_whose_name_is_none_in_xml_is_read_as_a_browser_does() -> None:
    extract = epub_extract(book({"in/one.xhtml": '<html><body><p"q>Tides</p"q><aside>Note.</aside></body></html>'}))
    assert texts(extract)[:2] == ["Tides", "Note."]


def encrypted(algorithm: str) -> str:
    return f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
 xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/>
<enc:CipherData><enc:CipherReference URI="in/one.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>"""


def test_fonts_may_be_encrypted() -> None:
    fonts = encrypted("http://www.idpf.org/2008/embedding")
    assert texts(epub_extract(book({"META-INF/encryption.xml": fonts})))[0] == "Tides"


ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            book({"META-INF/encryption.xml": encrypted("http://www.w3.org/2001/04/xmlenc#aes256-cbc")}),
            "protected against copying (DRM): in/one.xhtml cannot be read. Get it without protection",
        ),
        (b"no book", "no archive, or a damaged one: it cannot be opened. Pack it again"),
        (book()[:-400], "no archive, or a damaged one: it cannot be opened. Pack it again"),
        (
            packed({"a.txt": "x"}),
            "no whole book: its part META-INF/container.xml is missing. Get the book again, or save it anew",
        ),
        (
            book({"in/book.opf": OPF.replace("one.xhtml", "none.xhtml")}),
            "no whole book: its part in/none.xhtml is missing. Get the book again, or save it anew",
        ),
        (
            book({"META-INF/container.xml": "<container/>"}),
            "no whole book: its part that names the others is missing. Get the book again, or save it anew",
        ),
        (book({"in/book.opf": "<package"}), "its part in/book.opf is damaged. Get the book again, or save it anew"),
        (
            book({"in/book.opf": OPF.replace("<package", f"{ENTITY}<package")}),
            "its part in/book.opf declares entities: not opened. Get the book again, or save it anew",
        ),
        (
            book({"in/one.xhtml": bytes(2_000_000)}),
            "its 0.0 MB unpack to 2 MB: not opened. Put the file itself here",
        ),
    ],
)
def test_a_book_that_cannot_be_read_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(BadArticle) as caught:
        epub_extract(raw)
    assert str(caught.value) == reason


def test_a_book_of_pictures_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub, "MOST_BYTES", 1_000)
    with pytest.raises(BadArticle, match=r"\Ait unpacks to over 0 MB: not opened"):
        epub_extract(book())


def test_a_page_names_files_outside_in_vain() -> None:
    page = XHTML.format("<p>Text &a; <iframe src='file:///etc/passwd'/></p>").replace("<!DOCTYPE html>", ENTITY)
    extract = epub_extract(book({"in/one.xhtml": page.encode()}))
    assert "root:" not in "\n".join(texts(extract))
