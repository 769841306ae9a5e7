"""Web page to the text of its article, with an account of every other character."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from index.articles.article import BlockKind, visible
from index.reading.formats.extract import Extract
from index.reading.formats.markdown import join_soft_breaks, tidy
from index.reading.formats.webbody import article_pieces
from index.reading.formats.webfurniture import BLOCKS, is_furniture, prose
from index.reading.formats.webhidden import hidden_elements, show_stand_ins, struck_elements
from index.reading.formats.webmath import show_formulas_once, show_pictures, write_in_line
from index.reading.formats.webmeta import article_data, declared_names, webpage_header
from index.reading.formats.webtable import is_data_table, table_lines
from index.reading.formats.webtree import parsed, remove, shown, shown_text, unfold, with_added, without_added

_UNSHOWN = ("template", "noscript", "noframes", "svg", "object", "canvas", "audio", "video")
_CODE = ("script", "style", "annotation", "annotation-xml")
_ASIDE, _HIDDEN, _OUTSIDE = "navigation, forms and the like", "hidden", "outside the article"
_STRUCK, _TWICE = "struck text", "formulas given twice"
_OTHERWISE = "drawings and stand-ins for them"
_KINDS: dict[str, BlockKind] = {"li": "item", "dd": "item", "dt": "item", "pre": "code"}
_KINDS |= {f"h{level}": "heading" for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text between block edges: its element, and whether it is furniture of the page."""

    element: Any
    kind: BlockKind
    text: str
    is_furniture: bool
    repeated: int = 0


def webpage_extract(source: str) -> Extract:
    """The article of a web page; the rest is skipped and counted.

    Raises BadArticle if elements are nested beyond the parser's limit.
    """
    tree = parsed(source)
    header, notes = webpage_header(tree)
    declared, data = declared_names(tree, source), article_data(tree)
    root = tree.find("body") if tree.find("body") is not None else tree
    unfold(root)
    show_pictures(root)
    etree.strip_elements(tree, *_CODE, with_tail=False)
    characters = shown(root)
    skipped = _left_out(root)
    write_in_line(root)
    pieces = list(_pieces(root, prose(root)))
    readable = [(piece.element, piece.text) for piece in pieces if not piece.is_furniture]
    belongs = iter(article_pieces(root, readable, source))
    blocks: list[tuple[BlockKind, str]] = []
    repeated = 0
    for piece in pieces:
        if piece.is_furniture or not next(belongs):
            skipped[_ASIDE if piece.is_furniture else _OUTSIDE] += visible(piece.text) - piece.repeated
        else:
            blocks.append((piece.kind, piece.text))
            repeated += piece.repeated
    kept = characters - skipped.total()
    if 2 * kept < visible(data) and _start(data) not in _start(shown_text(root), None):
        skipped[_OUTSIDE] += kept
        blocks, repeated, characters = [("paragraph", line) for line in data.split("\n")], 0, characters + visible(data)
        notes = [*notes, "the text is in the page's data (articleBody), not on the page"]
    elif 4 * skipped[_OUTSIDE] > kept + skipped[_OUTSIDE]:
        share = skipped[_OUTSIDE] / (kept + skipped[_OUTSIDE])
        notes = [*notes, f"{share:.0%} of the page's readable text is outside its article. Compare them"]
    return Extract(blocks, characters, header, +skipped, repeated, notes=notes, declared=declared)


def _left_out(root: Any) -> Counter[str]:
    """Remove text that is not shown, twice there or struck; returns its characters by reason."""
    skipped = Counter({_TWICE: show_formulas_once(root)})
    show_stand_ins(root)
    skipped[_OTHERWISE] = remove(root, list(root.iter(*_UNSHOWN)))
    skipped[_HIDDEN] = remove(root, hidden_elements(root))
    skipped[_STRUCK] = remove(root, struck_elements(root))
    return skipped


def _start(text: str, length: int | None = 60) -> str:
    return "".join(text.split())[:length]


def _pieces(root: Any, words: int) -> Iterator[Piece]:
    """The readable text below `root`, in order."""
    walk = etree.iterwalk(root, events=("start", "end"))
    edges: list[Any] = []  # the enclosing blocks and furniture, whose ends also end a run of text
    furniture: Any = None  # the outermost enclosing element of this kind
    parts: list[str] = []

    def run() -> Iterator[Piece]:
        if text := "".join(parts).strip():
            kind: BlockKind = next((_KINDS[edge.tag] for edge in reversed(edges) if edge.tag in _KINDS), "paragraph")
            text, own = _tidied(with_added(text), kind), visible(without_added(text))
            yield Piece(edges[-1], kind, text, furniture is not None, visible(text) - own)
        parts.clear()

    for event, element in walk:
        if event == "start":
            starts_furniture = furniture is None and is_furniture(element, root, words)
            if starts_furniture or element.tag in BLOCKS:
                yield from run()
                edges.append(element)
                furniture = element if starts_furniture else furniture
            if is_data_table(element):
                for kind, text, repeated in table_lines(element):
                    yield Piece(element, kind, text, furniture is not None, repeated)
                walk.skip_subtree()
            else:
                parts.append("\N{PARAGRAPH SEPARATOR}" if element.tag == "br" else element.text or "")
        else:
            if edges and edges[-1] is element:
                yield from run()
                edges.pop()
                furniture = None if furniture is element else furniture
            parts.append((element.tail or "") if element is not root else "")
    yield from run()


def _tidied(text: str, kind: BlockKind) -> str:
    if kind == "code":
        return tidy(text.replace("\N{PARAGRAPH SEPARATOR}", "\n"))
    lines = (tidy(line).replace("\n", "\N{LINE SEPARATOR}") for line in text.split("\N{PARAGRAPH SEPARATOR}"))
    joined = tidy("\n".join(map(join_soft_breaks, lines)))
    return joined.replace("\n", " ") if kind == "heading" else joined
