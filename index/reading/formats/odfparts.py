"""The parts of an OpenDocument file (ODT, ODS), its styles, and its texts that are not shown."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.ooxml import parts_of

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DEEPEST = 20  # styles that are based on each other
_BODIES = {"text": f"{OFFICE}text", "spreadsheet": f"{OFFICE}spreadsheet"}
_UNSHOWN = {
    f"{OFFICE}annotation": "comments",
    f"{TEXT}tracked-changes": "deleted and hidden text",
    f"{TEXT}hidden-text": "deleted and hidden text",
    f"{TEXT}hidden-paragraph": "deleted and hidden text",
    f"{TABLE}tracked-changes": "deleted and hidden text",
    f"{TABLE}content-validations": "messages of cells",
    f"{TABLE}shapes": "charts and diagrams",
    f"{TEXT}ruby-text": "readings of characters",
    f"{TEXT}placeholder": "placeholders",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title": "descriptions of pictures",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc": "descriptions of pictures",
}
_SPACES = {f"{TEXT}tab": " ", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}
_TEMPLATES = "templates of indexes"


class Document:
    """A document whose body has only what is shown; `skipped` counts the rest, `characters` all of it."""

    def __init__(self, raw: bytes, kind: str, suffix: str) -> None:
        self._parts = parts_of(raw, f"OpenDocument {kind}", "LibreOffice", suffix)
        if b"encryption-data" in self._parts.contents.get("meta-inf/manifest.xml", b""):
            raise BadArticle(f"encrypted. Save it as {suffix} without a password")
        root = self._part("content.xml")
        body = next(root.iter(_BODIES[kind]), None) if root is not None else None
        if body is None:
            raise BadArticle(f"no OpenDocument {kind}: its archive has no text. {self._parts.mend}")
        others = [part for part in [self._part("styles.xml")] if part is not None]
        self.body = body
        self.styles = Styles([root, *others])
        self.skipped = Counter[str]()
        edges = [edge for part in others for edge in part.iter() if str(edge.tag) in _EDGES]
        self.skipped["running headers and footers"] = sum(visible("".join(edge.itertext())) for edge in edges)
        self.characters = self.skipped.total() + visible("".join(body.itertext()))
        for element in list(body.iter()):
            tag = str(element.tag)
            element.text = _SPACES.get(tag, element.text)
            is_hidden = element.get(f"{TEXT}display") == "none"  # a section
            reason = "deleted and hidden text" if is_hidden else _UNSHOWN.get(tag, "")
            reason = _TEMPLATES if tag.startswith(TEXT) and tag.endswith("-source") else reason
            if reason:
                self._leave_out(element, reason)

    @property
    def title(self) -> str:
        """The title of the file's properties."""
        meta = self._part("meta.xml")
        return (meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") or "") if meta is not None else ""

    def objects(self) -> tuple[int, int]:
        """The numbers of formulas, and of other files inside it, neither of which are read."""
        names = [each.get(_XLINK, "").removeprefix("./").lower() for each in self.body.iter(f"{DRAW}object")]
        parts = [self._part(f"{name}/content.xml") for name in names]
        formulas = sum(part is not None and str(part.tag).endswith("}math") for part in parts)
        return formulas, len(parts) - formulas

    def _part(self, name: str) -> Any:
        return self._parts.parsed(name) if self._parts.contents.get(name) else None

    def _leave_out(self, element: Any, reason: str) -> None:
        """Count an element and remove it, without the text after it."""
        self.skipped[reason] += visible("".join(element.itertext()))
        tail = element.tail
        element.clear()
        element.tail = tail


_EDGES = frozenset(f"{STYLE}{name}{end}" for name in ("header", "footer") for end in ("", "-left", "-first"))


class Styles:
    """The properties of named styles, which may be based on others."""

    def __init__(self, roots: list[Any]) -> None:
        named = [style for root in reversed(roots) for style in root.iter(f"{STYLE}style", f"{TEXT}list-style")]
        self._styles = {(each.get(f"{STYLE}family", ""), each.get(f"{STYLE}name", "")): each for each in named}

    def value(self, family: str, name: str, group: str, wanted: str) -> str:
        """A property of a style, such as `display` of `text`; empty if neither it nor its parents have it."""
        for style in self._chain(family, name):
            for properties in style.iterfind(f"{STYLE}{group}-properties"):
                for key, value in properties.items():
                    if key.endswith(f"}}{wanted}"):
                        return str(value)
        return ""

    def is_title(self, name: str) -> bool:
        """Whether paragraphs of a style are titles."""
        names = (name, *(style.get(f"{STYLE}parent-style-name", "") for style in self._chain("paragraph", name)))
        return not {"Title", "Subtitle"}.isdisjoint(names)

    def levels(self, name: str) -> dict[str, Any]:
        """The levels of a list style by their numbers."""
        return {each.get(f"{TEXT}level", ""): each for each in self._styles.get(("", name), ())}

    def _chain(self, family: str, name: str) -> Iterator[Any]:
        """A style and those that it is based on."""
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name))
            if style is None:
                break
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")


def times(cell: Any, name: str = "number-columns-repeated", most: int = 100) -> int:
    """A number of columns or rows that a cell stands for; at most `most`, and 1 by default."""
    written = cell.get(f"{TABLE}{name}", "1")
    is_number = written.isascii() and written.isdecimal() and len(written) < 9
    return min(max(int(written), 1), most) if is_number else 1
