"""The parts of an Office Open XML file (DOCX, XLSX, PPTX) of either kind, with bounds; nothing outside it is opened."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from index.articles.article import BlockKind, clean
from index.errors import BadArticle
from index.reading.formats.archive import DAMAGED, swells
from index.reading.formats.members import MOST_MEMBERS

_MOST_BYTES = 200_000_000  # of all parts, unpacked
_DECLARATION = [word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le")]
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CARRIERS = ("t", "delText", "sym", "txbxContent")
_OPENING = 20  # blocks in which a file says its title
_TITLE_OF_PROGRAM = re.compile(
    r"(word|excel|powerpoint|microsoft|untitled|(document|presentation) ?\d*\Z)", re.IGNORECASE
)
EMBEDDED = ("package", "oleObject")  # kinds of files inside it


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts by name; `kind` is the name of such a file for people, `program` of what opens it."""

    contents: dict[str, bytes]
    kind: str
    program: str

    @property
    def main(self) -> str:
        """The name of the main part. Raises BadArticle if there is none."""
        main = next((name for kind, name, _ in self.related("") if kind == "officeDocument"), "")
        if not self.contents.get(main):
            raise BadArticle(f"no {self.kind}: its archive has no main part. {self.mend}")
        return main

    @property
    def title(self) -> str:
        """The title of the file's properties."""
        names = (name for kind, name, _ in self.related("") if kind == "core-properties" and self.contents.get(name))
        return next((title for name in names if (title := self.parsed(name).findtext(_TITLE))), "")

    @property
    def mend(self) -> str:
        """A sentence on a way to mend the file."""
        return f"Open it in {self.program} and save it again"

    def related(self, source: str) -> Iterator[tuple[str, str, str]]:
        """The kind, name and reference of each part that a part names.

        A reference to an address outside the archive names nothing, except an inserted document.
        """
        folder, name = posixpath.split(source)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        for link in self.parsed(links).iter("{*}Relationship") if self.contents.get(links) else ():
            kind, target = link.get("Type", "").rpartition("/")[2], link.get("Target", "")
            if link.get("TargetMode") != "External" or kind == "subDocument":
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
                yield kind, path, link.get("Id", "")

    def parsed(self, name: str) -> Any:
        """The root of a part in the names of the transitional kind, with one of the copies for old and new programs."""
        try:
            root = etree.fromstring(self.contents[name], _parser())
            if _STRICT.search(self.contents[name]) or any("purl.oclc.org/ooxml" in s for s in root.nsmap.values()):
                strict = etree.tostring(root)
                root = etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", strict), _parser())
        except etree.LxmlError as error:
            raise BadArticle(f"its part {name} is damaged. {self.mend}") from error
        for copies in list(root.iter(f"{_COMPATIBLE}AlternateContent")):
            choices = copies.findall(f"{_COMPATIBLE}Choice")
            kept = next((choice for choice in choices if any(True for _ in choice.iter(*_carriers()))), None)
            for copy in list(copies) if kept is not None else choices:
                if copy is not kept:
                    copies.remove(copy)
        return root


def said_title(declared: str, blocks: Sequence[tuple[BlockKind, str]]) -> str:
    """The title of a file's properties if its text begins with it, as many files have that of a template."""
    title = " ".join(clean(declared).split())
    opening = " ".join(" ".join(text.split()) for _, text in blocks[:_OPENING])
    is_said = title and not _TITLE_OF_PROGRAM.match(title) and title.casefold() in clean(opening).casefold()
    return title if is_said else ""


def parts_of(raw: bytes, kind: str, program: str, suffix: str) -> Parts:
    """The parts of a file; `suffix` is the format to save an older one in.

    Raises BadArticle if the archive is damaged, encrypted or unpacks to far more than a text, or if a part declares
    entities.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadArticle(f"encrypted, or of {program}'s old format. Save it as {suffix} without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return Parts(_contents(archive, len(raw), program), kind, program)
    except DAMAGED as error:
        mend = f"Open it in {program} and save it again"
        raise BadArticle(f"no {kind}, or a damaged one: its archive cannot be opened. {mend}") from error


def _contents(archive: zipfile.ZipFile, size: int, program: str) -> dict[str, bytes]:
    """The parts by name. Raises BadArticle unless every part has a sane size and declares no entity."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_BYTES or len(parts) > MOST_MEMBERS or any(map(swells, parts)):
        bomb = f"its {size / 1e6:.1f} MB unpack to {unpacked / 1e6:,.0f} MB in {len(parts)} parts"
        raise BadArticle(f"{bomb}: not opened. Save a copy without its pictures")
    contents = {}
    for part in parts:
        # At most the size in the directory is unpacked; a part with a false size is refused.
        content, name = archive.read(part), part.filename.replace("\\", "/").lower()  # case is nothing to Office
        if name.endswith((".xml", ".rels")):
            if any(word in content for word in _DECLARATION):
                raise BadArticle(f"its part {part.filename} declares entities: not opened. Save it again in {program}")
            contents[name] = content
        else:
            contents[name] = b""
    return contents


def _carriers() -> list[str]:
    return [f"{{*}}{name}" for name in _CARRIERS]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
