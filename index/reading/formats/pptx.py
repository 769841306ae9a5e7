"""Presentations (PPTX) to text, slide by slide: titles, texts, tables, diagrams and the notes of whoever speaks."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias

from index.articles.article import BlockKind, Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header, placed
from index.reading.formats.ooxml import EMBEDDED, Parts, parts_of, said_title
from index.reading.formats.pptxtext import Paragraphs, table_lines_of

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RUNNING = ("ftr", "hdr", "dt", "sldNum")  # placeholders
_TITLES = ("title", "ctrTitle")
_LINE = 228_600  # EMU (a quarter of an inch): shapes whose tops are nearer stand in one line
_FOOTERS, _DRAWN = "running headers and footers", "charts and diagrams"
_Piece: TypeAlias = tuple[BlockKind, str, Place]


def pptx_extract(raw: bytes) -> Extract:
    """The text of the slides that are shown, each with its notes.

    Every element that carries text counts, before anything is read from it. Raises BadArticle as `parts_of`,
    or for a damaged part.
    """
    try:
        return _Reader(parts_of(raw, "PowerPoint presentation", "PowerPoint", "PPTX")).extract()
    except RecursionError as error:
        raise BadArticle("its formulas lie too deep in each other. Save a simpler copy") from error


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._paragraphs = Paragraphs()
        self._skipped = Counter[str]()
        self._characters = self._embedded = 0

    def extract(self) -> Extract:
        """The extract of the presentation."""
        main = self._parts.main
        names = {reference: name for kind, name, reference in self._parts.related(main) if kind == "slide"}
        order = [_reference(each) for each in self._parts.parsed(main).iter(f"{_P}sldId")]
        slides = [name for reference in order if self._parts.contents.get(name := names.get(reference, ""))]
        pieces: list[_Piece] = []
        silent = []
        for number, name in enumerate(slides, 1):
            slide = self._parts.parsed(name)
            own = list(self._slide(slide, name, number))
            pieces += own
            silent += [] if own or _is_hidden(slide) else [str(number)]
        self._add_running(slides)
        blocks = [(kind, text) for kind, text, _ in pieces]
        title = next((text for kind, text in blocks[:1] if kind == "heading"), "")
        files = f"files inside it that are not read: {self._embedded}"
        return Extract(
            blocks,
            self._characters + self._skipped.total(),
            Header(said_title(self._parts.title, blocks) or title),
            +(self._skipped + self._paragraphs.skipped),
            self._paragraphs.added,
            notes=[
                *([f"slides without text: {', '.join(silent)}"] if silent else []),
                *([files] if self._embedded else []),
            ],
            places=placed((text, place) for _, text, place in pieces),
        )

    def _slide(self, slide: Any, name: str, number: int) -> Iterator[_Piece]:
        parts: dict[str, list[Any]] = {kind: [] for kind in ("notesSlide", "diagramData", "chart", "comments")}
        for kind, part, _ in self._parts.related(name):
            self._embedded += kind in EMBEDDED
            if kind in parts and self._parts.contents.get(part):
                parts[kind].append(self._parts.parsed(part))
        texts = [slide, *parts["notesSlide"], *parts["diagramData"]]
        if _is_hidden(slide):
            self._skipped["hidden slides"] += sum(map(characters, texts))
            return
        self._skipped["comments"] += sum(map(characters, parts["comments"]))
        self._skipped[_DRAWN] += sum(map(characters, parts["chart"]))
        self._characters += sum(map(characters, texts))
        for kind, text in self._blocks(slide):
            yield kind, text, Place("slide", number)
        for diagram in parts["diagramData"]:
            yield from (("item", text, Place("slide", number)) for text in self._paragraphs.texts(diagram))
        for notes in parts["notesSlide"]:
            yield from ((kind, text, Place("notes", number)) for kind, text in self._blocks(notes))

    def _blocks(self, slide: Any) -> Iterator[tuple[BlockKind, str]]:
        """The blocks of a slide or of notes, the title first."""
        for shape in (each for top in _in_order(slide) for each in top.iter(f"{_P}sp", f"{_A}tbl")):
            if shape.tag == f"{_A}tbl":
                yield from (("row", line) for line in table_lines_of(shape, self._paragraphs))
                continue
            role = _role(shape)
            if role in _RUNNING:
                self._paragraphs.skipped[_FOOTERS] += characters(shape)
                continue
            texts = list(self._paragraphs.texts(shape))
            if role in _TITLES and texts:
                yield "heading", " ".join(" ".join(texts).split())
            else:
                kind: BlockKind = "item" if role in ("body", "obj") and len(texts) > 1 else "paragraph"
                yield from ((kind, text) for text in texts)

    def _add_running(self, slides: list[str]) -> None:
        """Count the texts that layouts and masters put on every slide of theirs."""
        layouts = {part for name in slides for kind, part, _ in self._parts.related(name) if kind == "slideLayout"}
        masters = {part for name in layouts for kind, part, _ in self._parts.related(name) if kind == "slideMaster"}
        for name in sorted(name for name in layouts | masters if self._parts.contents.get(name)):
            shapes = (shape for shape in self._parts.parsed(name).iter(f"{_P}sp") if not _role(shape))
            self._skipped[_FOOTERS] += sum(map(characters, shapes))


def characters(root: Any) -> int:
    """The number of visible characters in the elements of a part that carry text, and in the names in a chart."""
    texts = sum(visible(text.text or "") for text in root.iter("{*}t", "{*}text"))
    return texts + sum(visible(name.text or "") for cache in root.iter("{*}strCache") for name in cache.iter("{*}v"))


def _is_hidden(slide: Any) -> bool:
    return slide.get("show") in ("0", "false")


def _in_order(slide: Any) -> list[Any]:
    """The shapes of a slide, the title first, the others from top to bottom if all of them say where they are."""
    tree = next(slide.iter(f"{_P}spTree"), None)
    shapes = [shape for shape in tree if isinstance(shape.tag, str)] if tree is not None else []
    titles = [shape for shape in shapes if _role(shape) in _TITLES]
    others = [shape for shape in shapes if shape not in titles]
    spots = [spot for shape in others if characters(shape) and _role(shape) not in _RUNNING for spot in [_spot(shape)]]
    if all(spots):
        others.sort(key=lambda shape: _spot(shape) or (0, 0))
    return titles + others


def _spot(shape: Any) -> tuple[int, int] | None:
    """The line and the left edge of a shape; None if its layout says where it is."""
    offset = next(shape.iter(f"{_A}off"), None)
    numbers = [offset.get(name, "") for name in ("y", "x")] if offset is not None else []
    if not numbers or not all(number.lstrip("-").isdecimal() and len(number) < 16 for number in numbers):
        return None
    return int(numbers[0]) // _LINE, int(numbers[1])


def _role(shape: Any) -> str:
    """The kind of a placeholder; empty for another shape."""
    holder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return holder.get("type", "obj") if holder is not None else ""


def _reference(element: Any) -> str:
    return next((value for name, value in element.items() if name.endswith("}id")), "")
