"""The styles of a Word document: what a paragraph or a run is by its own properties or by its style."""

from collections.abc import Iterator
from typing import Any

from index.reading.formats.docxparts import VALUE, W

_DEEPEST = 10  # styles based on each other
_OFF = ("0", "false", "off")


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles = {style.get(f"{W}styleId"): style for root in roots for style in root.iter(f"{W}style")}
        self._marks = {mark.tag for style in self._styles.values() for mark in style.iterfind(f"{W}rPr/*")}
        self._found: dict[tuple[str, str], Any] = {}

    def names(self, paragraph: Any) -> Iterator[str]:
        """The names of a paragraph's style and of those that it is based on."""
        for style in self._line(_value(paragraph.find(f"{W}pPr/{W}pStyle"))):
            yield (_value(style.find(f"{W}name")) or "").lower()

    def numbering(self, paragraph: Any) -> tuple[str, Any, str]:
        """The id of a paragraph's list, the element of its level, or None, and its style; no list is an empty id."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", None, ""
        style, own = _value(properties.find(f"{W}pStyle")), properties.find(f"{W}numPr")
        if own is not None and own.find(f"{W}numId") is not None:
            return _value(own.find(f"{W}numId")), own.find(f"{W}ilvl"), style
        named = self._of(style, f"{W}pPr/{W}numPr")
        level = own.find(f"{W}ilvl") if own is not None else None
        if named is None:
            return "", None, style
        return _value(named.find(f"{W}numId")), level if level is not None else named.find(f"{W}ilvl"), style

    def list_of(self, style: str) -> str:
        """The id of the list of a style of lists."""
        return _value(self._of(style, f"{W}pPr/{W}numPr/{W}numId"))

    def used(self, root: Any, *names: str) -> list[str]:
        """The names of properties of runs, out of these, that a part or a style has."""
        tags = {name: f"{W}{name}" for name in names}
        return [name for name, tag in tags.items() if tag in self._marks or next(root.iter(tag), None) is not None]

    def property_of(self, run: Any, name: str) -> Any:
        """A property of a run, by itself, its style, or the style of its paragraph; None if it has none."""
        tag, properties = f"{W}{name}", run.find(f"{W}rPr")
        own = properties.find(tag) if properties is not None else None
        if own is not None or tag not in self._marks:
            return own
        if properties is not None:
            own = self._of(_value(properties.find(f"{W}rStyle")), f"{W}rPr/{tag}")
        if own is None and (paragraph := next(run.iterancestors(f"{W}p"), None)) is not None:
            own = self._of(_value(paragraph.find(f"{W}pPr/{W}pStyle")), f"{W}rPr/{tag}")
        return own

    def _of(self, style: str, path: str) -> Any:
        """The element of a style or of one that it is based on."""
        if not style:
            return None
        if (style, path) not in self._found:
            found = (each.find(path) for each in self._line(style))
            self._found[style, path] = next((element for element in found if element is not None), None)
        return self._found[style, path]

    def _line(self, name: str) -> Iterator[Any]:
        for _ in range(_DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style.find(f"{W}basedOn"))


def is_on(mark: Any) -> bool:
    """Whether a mark is there and not switched off."""
    return mark is not None and mark.get(VALUE, "1") not in _OFF


def _value(element: Any) -> str:
    return element.get(VALUE, "") if element is not None else ""
