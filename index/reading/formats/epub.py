"""Books (EPUB): the chapters in the order of reading, with their notes; the table of contents is counted."""

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from index.articles.article import BlockKind, clean
from index.errors import BadArticle
from index.reading.encodings.decoding import declared_charset, decode
from index.reading.formats.archive import opened, unpacked
from index.reading.formats.dateline import iso_date
from index.reading.formats.extract import Extract, Header
from index.reading.formats.members import MOST_BYTES
from index.reading.formats.textformat import text_extract
from index.reading.formats.webtree import parsed, shown

_DC = "{http://purl.org/dc/elements/1.1/}"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # only fonts are encrypted with these
_PAGE = "application/xhtml+xml"
_CONTENTS, _OUTSIDE = "table of contents", "pages outside the order of reading"
_KEPT = ("aside", "header", "footer")  # boxes and notes: in a book no furniture
_OUTWARD = ("class", "id", "role")  # what says of a web page's elements that they are furniture
_DAMAGED = "Get the book again, or save it anew"


@dataclass(slots=True)
class _Book:
    """The paths of a book's pages in the order of reading, of others and of its contents, and its metadata."""

    header: Header
    pages: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)


def epub_extract(raw: bytes) -> Extract:
    """The text of a book. Raises BadArticle if it is damaged, protected or unpacks to far more than a text."""
    with opened(raw) as archive:
        parts = {info.filename: info for info in archive.infolist()}
        if sum(info.file_size for info in parts.values()) > MOST_BYTES:
            raise BadArticle(f"it unpacks to over {MOST_BYTES // 1_000_000} MB: not opened. Save it without pictures")
        if name := next((name for name in _protected(archive, parts)), ""):
            raise BadArticle(f"protected against copying (DRM): {name[:60]} cannot be read. Get it without protection")
        book = _book(archive, parts)
        blocks: list[tuple[BlockKind, str]] = []
        skipped, characters, repeated = Counter[str](), 0, 0
        for name in book.pages:
            page = _body(_bytes(archive, parts, name))
            extract = text_extract(_piece(page), "html") if page is not None and shown(page) else Extract([], 0)
            blocks += extract.blocks
            skipped.update(extract.skipped)
            characters, repeated = characters + extract.characters, repeated + extract.repeated
        for reason, names in ((_CONTENTS, book.contents), (_OUTSIDE, book.others)):
            bodies = [_body(_bytes(archive, parts, name)) for name in names]
            skipped[reason] += sum(shown(body) for body in bodies if body is not None)
            characters += skipped[reason]
    return Extract(blocks, characters, book.header, +skipped, repeated)


def _protected(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Iterator[str]:
    """The paths of the encrypted parts that are no fonts."""
    name = "META-INF/encryption.xml"
    if name in parts:
        for data in _xml(_bytes(archive, parts, name), name).iter("{*}EncryptedData"):
            method, reference = data.find("{*}EncryptionMethod"), data.find(".//{*}CipherReference")
            if method is None or method.get("Algorithm") not in _FONTS:
                yield reference.get("URI", "") if reference is not None else "a part"


def _book(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> _Book:
    name = "META-INF/container.xml"
    root = _xml(_bytes(archive, parts, name), name).find(".//{*}rootfile")
    path = root.get("full-path", "") if root is not None else ""
    package = _xml(_bytes(archive, parts, path), path)
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    paths = {name: _path(path, item.get("href", "")) for name, item in items.items()}
    guide = {_path(path, link.get("href", "")) for link in package.iter("{*}reference") if link.get("type") == "toc"}
    book = _Book(_header(package))
    spine = list(dict.fromkeys(item.get("idref") for item in package.iterfind("{*}spine/{*}itemref")))
    for name in [*(name for name in spine if name in items), *(name for name in items if name not in spine)]:
        if items[name].get("media-type") != _PAGE:
            continue
        if "nav" in items[name].get("properties", "").split() or paths[name] in guide:
            book.contents.append(paths[name])
        elif name in spine or paths[name] in parts:
            (book.pages if name in spine else book.others).append(paths[name])
    return book


def _path(package: str, link: str) -> str:
    joined = posixpath.join("/", posixpath.dirname(package), unquote(link.partition("#")[0]))
    return posixpath.normpath(joined).lstrip("/")


def _header(package: Any) -> Header:
    """The title, publisher (else the authors), day and language that the package says; two days give none."""

    def named(field: str) -> list[str]:
        values = (clean("".join(element.itertext())) for element in package.iter(f"{_DC}{field}"))
        return [value for written in values if (value := " ".join(written.split()))]

    days = [
        iso_date(clean(element.text or "").strip())
        for element in package.iter(f"{_DC}date")
        if element.get("{http://www.idpf.org/2007/opf}event", "publication") == "publication"
    ]
    day = days[0] if len(set(days)) == 1 else ""
    publisher = (named("publisher") or [", ".join(named("creator"))])[0]
    return Header((named("title") or [""])[0], publisher, day, language=(named("language") or [""])[0][:35])


def _bytes(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in parts:
        raise BadArticle(f"no whole book: its part {name[:60] or 'that names the others'} is missing. {_DAMAGED}")
    return unpacked(archive, parts[name])


def _xml(raw: bytes, name: str) -> Any:
    """The root of a part. Raises BadArticle if it is damaged or declares entities."""
    if b"<!ENTITY" in raw:
        raise BadArticle(f"its part {name[:60]} declares entities: not opened. {_DAMAGED}")
    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except etree.LxmlError as error:
        raise BadArticle(f"its part {name[:60]} is damaged. {_DAMAGED}") from error


def _body(raw: bytes) -> Any:
    """The body of a page in elements without a namespace; of a page that is no sound XML, as a browser reads it."""
    try:
        root = _xml(raw, "")
    except BadArticle:
        root = parsed(decode(raw, declared_charset(raw)).text)
    for element in root.iter(etree.Element):
        name = element.tag.rpartition("}")[2]
        if name in _KEPT or name != element.tag:  # a name that a browser takes may be none that can be set
            element.tag = "div" if name in _KEPT else name
        for name in _OUTWARD:
            element.attrib.pop(name, None)
    body = root.find("body")
    if body is not None:
        etree.strip_elements(body, "script", "style", with_tail=False)
        body.tag, body.tail = "div", None
    return body


def _piece(body: Any) -> str:
    return str(etree.tostring(body, encoding="unicode", method="html"))
