"""Web page to the text of its article, with an account of every other character."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.markdown import join_soft_breaks, tidy
from index.reading.formats.webbody import article_body, is_within
from index.reading.formats.webmeta import declared_names, webpage_header
from index.reading.formats.webtable import is_data_table, table_lines

_CODE = ("script", "style", "annotation", "annotation-xml")
_UNSHOWN = ("template", "noscript", "noframes", "svg", "object", "canvas", "audio", "video")
_SECTION = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_REMOVED = "removed"  # a tag that no page has
# Whole quotes, so that marks inside values do not count; possessive, so that an open quote takes linear time.
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r"""["'][^"']*["']|/""")
_LONG_TAG = 10_000  # characters
_MOST_ATTRIBUTES = 1_000  # of a tag: the parser compares each pair of them
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav ol option p pre search section "
    "select summary table tbody td textarea tfoot th thead tr ul".split()
)
_FURNITURE = frozenset("nav aside footer form button select textarea dialog iframe menu search".split())
_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog form menu".split())
_ALWAYS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|newsletter|subscribe|advert|advertisement|popup|modal)(?:$|[\s_-])", re.IGNORECASE
)
# These are also parts of ordinary names: share-capital, social-policy, related-parties.
_OFTEN = (
    "consent|share|sharing|social|breadcrumbs?|related|recommended|recommendations|ads?|promo|sidebar|comments|"
    "pagination|toolbar|navbar|nav|menu"
)
_MAYBE = re.compile(rf"(?:^|[\s_-])(?:{_OFTEN})(?:$|[\s_-])", re.IGNORECASE)
_ALONE = re.compile(rf"(?:^|\s)(?:{_OFTEN})(?:$|\s)", re.IGNORECASE)
_SHORT = 60  # visible characters
_HIDDEN_ELEMENTS = etree.XPath(
    r".//*[@hidden or re:test(@style, 'display\s*:\s*none|visibility\s*:\s*hidden', 'i')]",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)
_ASIDE, _HIDDEN, _OUTSIDE = "navigation, forms and the like", "hidden", "outside the article"
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
    source = _without_sections(source)
    tree = _parsed(source)
    header, notes = webpage_header(tree)
    declared = declared_names(tree, source)
    etree.strip_elements(tree, *_CODE, with_tail=False)
    root = tree.find("body") if tree.find("body") is not None else tree
    characters = _shown(root)
    skipped = Counter({_OTHERWISE: _remove(root, list(root.iter(*_UNSHOWN)))})
    skipped[_HIDDEN] = _remove(root, _HIDDEN_ELEMENTS(root))
    pieces = list(_pieces(root, characters - skipped.total()))
    body = article_body(root, [(piece.element, piece.text) for piece in pieces if not piece.is_furniture], source)
    blocks: list[tuple[BlockKind, str]] = []
    repeated = 0
    for piece in pieces:
        if piece.is_furniture or not is_within(piece.element, body):
            skipped[_ASIDE if piece.is_furniture else _OUTSIDE] += visible(piece.text) - piece.repeated
        else:
            blocks.append((piece.kind, piece.text))
            repeated += piece.repeated
    return Extract(blocks, characters, header, +skipped, repeated, notes=notes, declared=declared)


def _parsed(source: str) -> Any:
    tags = (tag[0] for tag in _TAG.finditer(source))
    if any(len(tag) > _LONG_TAG and len(_QUOTED.sub(" ", tag).split()) > _MOST_ATTRIBUTES for tag in tags):
        raise BadArticle(f"a tag has over {_MOST_ATTRIBUTES:,} attributes. Save a simpler copy")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise BadArticle("no text: there is nothing to index but marks") from error
    # Beyond its limits the parser silently drops the rest of the page.
    if fatal := [entry for entry in parser.error_log if entry.level_name == "FATAL" or "xcessive" in entry.message]:
        raise BadArticle(f"the page cannot be read to its end ({fatal[0].message.strip()}). Save a simpler copy")
    return tree


def _without_sections(source: str) -> str:
    """XHTML with its CDATA sections as ordinary text; in other pages browsers read them as comments."""
    if not source.lstrip().startswith("<?xml"):
        return source
    return _SECTION.sub(lambda section: escape(section[1], quote=False), source)


def _shown(element: Any) -> int:
    """The number of visible characters in an element."""
    return visible("".join(element.itertext()))


def _remove(root: Any, elements: Iterable[Any]) -> int:
    """Remove elements from the page; returns their number of visible characters."""
    before = _shown(root)
    for element in elements:
        element.tag = _REMOVED
    etree.strip_elements(root, _REMOVED, with_tail=False)
    return before - _shown(root)


def _pieces(root: Any, characters: int) -> Iterator[Piece]:
    """The readable text below `root`, in order."""
    walk = etree.iterwalk(root, events=("start", "end"))
    edges: list[Any] = []  # the enclosing blocks and furniture, whose ends also end a run of text
    furniture: Any = None  # the outermost enclosing element of this kind
    parts: list[str] = []

    def run() -> Iterator[Piece]:
        if text := "".join(parts).strip():
            kind: BlockKind = next((_KINDS[edge.tag] for edge in reversed(edges) if edge.tag in _KINDS), "paragraph")
            yield Piece(edges[-1], kind, _tidied(text, kind), furniture is not None)
        parts.clear()

    for event, element in walk:
        if event == "start":
            starts_furniture = furniture is None and _is_furniture(element, root, characters)
            if starts_furniture or element.tag in _BLOCKS:
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


def _is_furniture(element: Any, root: Any, characters: int) -> bool:
    """Whether an element is not part of an article, such as a menu or a form."""
    tag = element.tag
    if element is root or tag in ("html", "body", "main", "article"):
        return False
    if tag in _FURNITURE or element.get("role") in _ROLES or (tag == "header" and not _in_article(element)):
        return _is_minor(element, characters)
    named = f"{element.get('class', '')} {element.get('id', '')}"
    is_named = _ALWAYS.search(named) or (_MAYBE.search(named) and _leads_away(element, named))
    return bool(tag in _BLOCKS and is_named and _is_minor(element, characters))


def _leads_away(element: Any, named: str) -> bool:
    """Whether an element is mostly links and buttons, or only a few words and named just after its function."""
    shown = _shown(element)
    linked = sum(map(_shown, element.iter("a", "button")))
    return 2 * linked >= shown or (shown <= _SHORT and _ALONE.search(named) is not None)


def _in_article(element: Any) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def _is_minor(element: Any, characters: int) -> bool:
    """Whether most of the page is elsewhere; otherwise the name is a style of the whole page."""
    return _shown(element) <= characters // 2
