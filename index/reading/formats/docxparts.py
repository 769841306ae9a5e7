"""The parts of a Word document by their kinds."""

import posixpath
from dataclasses import dataclass, field
from typing import Any

from index.reading.formats.ooxml import EMBEDDED, parts_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE = f"{W}val"
_KINDS = frozenset(
    "styles numbering comments chart diagramData footnotes endnotes header footer aFChunk subDocument".split()
).union(EMBEDDED)


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

    Raises BadArticle as `parts_of`, or if a part is no XML, or if there is no main part.
    """
    parts = parts_of(raw, "Word document", "Word", "DOCX")
    main = parts.main
    package = Package({"document": [parts.parsed(main)]}, parts.title)
    for kind, name in sorted({(kind, name) for kind, name, _ in parts.related(main) if kind in _KINDS}):
        package.embedded += kind in EMBEDDED
        if kind in ("aFChunk", "subDocument"):
            package.missing.append(f"a file inserted into it ({posixpath.basename(name)}) is not read. {parts.mend}")
        elif parts.contents.get(name):
            package.parts.setdefault(kind, []).append(parts.parsed(name))
        elif kind in ("footnotes", "endnotes"):
            package.notes.append(f"its part {posixpath.basename(name)} is not in the file")
    return package
