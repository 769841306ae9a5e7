"""The parts of a Word document: what its relationships name, of either kind of Office Open XML, with bounds."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from index.errors import BadArticle

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE = f"{W}val"
_MOST_BYTES = 200_000_000  # of all parts, unpacked
_MOST_PARTS = 5_000
_RATIO = 200  # unpacked to packed: no text compresses so well
_SMALL = 1_000_000  # bytes: smaller parts may have any ratio
_DECLARATION = [word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le")]
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CARRIERS = ("t", "delText", "sym", "txbxContent")
_EMBEDDED = ("package", "oleObject")
_TEXTS = ("footnotes", "endnotes", "header", "footer")
_KINDS = frozenset(
    "officeDocument core-properties styles numbering comments chart diagramData aFChunk subDocument".split()
).union(_TEXTS, _EMBEDDED)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
_BROKEN = "Open it in Word and save it again"


@dataclass(slots=True)
class Package:
    """The parsed parts of a document by the kind of relationship (`document` is the main one), its title of the file,
    the number of files inside it, parts with text that cannot be read, and other notes."""

    parts: dict[str, list[Any]] = field(default_factory=dict)
    title: str = ""
    embedded: int = 0
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def package_of(raw: bytes) -> Package:
    """The parts of a document. A part that is named but not there is passed over, as Word does.

    Raises BadArticle if the archive is damaged, encrypted or unpacks to far more than a text, if a part declares
    entities or is no XML, or if there is no main part. Nothing outside the archive is opened.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadArticle("encrypted, or of Word's old format. Save it as DOCX without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read(_contents(archive, len(raw)))
    except _DAMAGED as error:
        raise BadArticle(f"no Word document, or a damaged one: its archive cannot be opened. {_BROKEN}") from error


def _contents(archive: zipfile.ZipFile, size: int) -> dict[str, bytes]:
    """The parts by name. Raises BadArticle unless every part has a sane size and declares no entity."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    is_bomb = any(part.file_size > max(_SMALL, _RATIO * part.compress_size) for part in parts)
    if unpacked > _MOST_BYTES or len(parts) > _MOST_PARTS or is_bomb:
        bomb = f"its {size / 1e6:.1f} MB unpack to {unpacked / 1e6:,.0f} MB in {len(parts)} parts"
        raise BadArticle(f"{bomb}: not opened. Save a copy without its pictures")
    contents = {}
    for part in parts:
        # At most the size in the directory is unpacked; a part with a false size is refused.
        content, name = archive.read(part), part.filename.replace("\\", "/").lower()  # case is nothing to Word
        if name.endswith((".xml", ".rels")):
            if any(word in content for word in _DECLARATION):
                raise BadArticle(f"its part {part.filename} declares entities: not opened. Save it again in Word")
            contents[name] = content
        else:
            contents[name] = b""
    return contents


def _read(contents: dict[str, bytes]) -> Package:
    package = Package()
    top = list(_related(contents, ""))
    main = next((name for kind, name in top if kind == "officeDocument"), "")
    if not contents.get(main):
        raise BadArticle(f"no Word document: its archive has no main part. {_BROKEN}")
    package.parts["document"] = [_parsed(contents, main)]
    for kind, name in top:
        if kind == "core-properties" and contents.get(name):
            package.title = _parsed(contents, name).findtext(_TITLE) or ""
    for kind, name in sorted(set(_related(contents, main))):
        package.embedded += kind in _EMBEDDED
        if kind in ("aFChunk", "subDocument"):
            package.missing.append(f"a file inserted into it ({posixpath.basename(name)}) is not read. {_BROKEN}")
        elif contents.get(name):
            package.parts.setdefault(kind, []).append(_parsed(contents, name))
        elif kind in ("footnotes", "endnotes"):
            package.notes.append(f"its part {posixpath.basename(name)} is not in the file")
    return package


def _related(contents: dict[str, bytes], source: str) -> Iterator[tuple[str, str]]:
    """The kind and name of each part that a part names; those of the parts' own kinds that hold no text are left out.

    A reference to an address outside the archive names nothing, except an inserted document.
    """
    folder, name = posixpath.split(source)
    links = posixpath.join(folder, "_rels", f"{name}.rels")
    for link in _parsed(contents, links).iter("{*}Relationship") if contents.get(links) else ():
        kind, target = link.get("Type", "").rpartition("/")[2], link.get("Target", "")
        if kind in _KINDS and (link.get("TargetMode") != "External" or kind == "subDocument"):
            yield kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()


def _parsed(contents: dict[str, bytes], name: str) -> Any:
    """The root of a part in the names of the transitional kind, with one of the copies for old and new programs."""
    try:
        root = etree.fromstring(contents[name], _parser())
        if _STRICT.search(contents[name]) or any("purl.oclc.org/ooxml" in space for space in root.nsmap.values()):
            root = etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", etree.tostring(root)))
    except etree.LxmlError as error:
        raise BadArticle(f"its part {name} is damaged. {_BROKEN}") from error
    for copies in list(root.iter(f"{_COMPATIBLE}AlternateContent")):
        choices = copies.findall(f"{_COMPATIBLE}Choice")
        kept = next((choice for choice in choices if any(True for _ in choice.iter(*_carriers()))), None)
        for copy in list(copies) if kept is not None else choices:
            if copy is not kept:
                copies.remove(copy)
    return root


def _carriers() -> list[str]:
    return [f"{{*}}{name}" for name in _CARRIERS]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
