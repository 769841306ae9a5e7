"""Web page to the text of its article, with an account of every other character."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.markdown import join_soft_breaks
from index.reading.formats.webbody import article_body, is_within
from index.reading.formats.webmeta import declared_names, webpage_header
from index.reading.formats.webtable import is_data_table, table_lines

_CODE = ("script", "style", "annotation", "annotation-xml")
_UNSHOWN = ("template", "noscript", "noframes", "svg", "object", "canvas", "audio", "video")
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
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ASIDE, _HIDDEN, _OUTSIDE = "navigation, forms and the like", "hidden", "outside the article"
_OTHERWISE = "drawings and stand-ins for them"
_KINDS: dict[str, BlockKind] = {"li": "item", "dd": "item", "dt": "item", "pre": "code"}
_KINDS |= {f"h{level}": "heading" for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text between block edges: its element, and the reason if it is furniture."""

    element: Any
    kind: BlockKind
    text: str
    furniture: str
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
    unshown = {_OTHERWISE: _removed(root, root.iter(*_UNSHOWN)), _HIDDEN: _removed(root, _hidden(root))}
    skipped = {reason: count for reason, count in unshown.items() if count}
    characters = visible("".join(root.itertext()))
    pieces = list(_pieces(root, characters))
    readable = [(piece.element, piece.text) for piece in pieces if not piece.furniture]
    body = article_body(root, readable, source)
    blocks: list[tuple[BlockKind, str]] = []
    characters += sum(skipped.values())
    repeated = 0
    for piece in pieces:
        reason = piece.furniture or ("" if is_within(piece.element, body) else _OUTSIDE)
        if reason:
            skipped[reason] = skipped.get(reason, 0) + visible(piece.text) - piece.repeated
        else:
            blocks.append((piece.kind, piece.text))
            repeated += piece.repeated
    return Extract(blocks, characters, header, skipped, repeated, notes=notes, declared=declared)


def _parsed(source: str) -> Any:
    if any(_has_many_attributes(tag[0]) for tag in _TAG.finditer(source)):
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


def _has_many_attributes(tag: str) -> bool:
    return len(tag) > _LONG_TAG and len(_QUOTED.sub(" ", tag).split()) > _MOST_ATTRIBUTES


def _without_sections(source: str) -> str:
    """XHTML with its CDATA sections as ordinary text; in other pages browsers read them as comments."""
    if not source.lstrip().startswith("<?xml"):
        return source
    first, *others = source.split("<![CDATA[")
    sections = (other.partition("]]>") for other in others)
    return first + "".join(f"{escape(text, quote=False)}{rest}" for text, _, rest in sections)


def _hidden(root: Any) -> Iterator[Any]:
    for element in root.xpath(".//*[@hidden or @style]"):
        if element.get("hidden") is not None or _INVISIBLE.search(element.get("style", "")):
            yield element


def _removed(root: Any, elements: Iterable[Any]) -> int:
    """Remove elements from the page; returns their number of visible characters."""
    removed = 0
    for element in list(elements):
        if not any(ancestor.tag == _REMOVED for ancestor in element.iterancestors()):
            removed += visible("".join(element.itertext()))
        element.tag = _REMOVED
    etree.strip_elements(root, _REMOVED, with_tail=False)
    return removed


def _pieces(root: Any, characters: int) -> Iterator[Piece]:
    """The readable text below `root`, in order."""
    walk = etree.iterwalk(root, events=("start", "end"))
    run = _Run()
    for event, element in walk:
        if event == "start":
            reason = "" if run.furniture else _furniture(element, root, characters)
            if reason or element.tag in _BLOCKS:
                yield from run.flush()
            run.enter(element, reason)
            if is_data_table(element):
                yield from (Piece(element, kind, said, run.reason, again) for kind, said, again in table_lines(element))
                walk.skip_subtree()
            else:
                run.parts.append("\N{PARAGRAPH SEPARATOR}" if element.tag == "br" else element.text or "")
        else:
            if element in run.edges:
                yield from run.flush()
            run.leave(element)
            run.parts.append((element.tail or "") if element is not root else "")
    yield from run.flush()


class _Run:
    """The current run of text and its enclosing elements."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Any] = []
        self.furniture: list[Any] = []  # at most one element
        self.reason = ""

    @property
    def edges(self) -> list[Any]:
        """The elements whose end also ends the run."""
        return self.blocks[-1:] + self.furniture

    def enter(self, element: Any, reason: str) -> None:
        if element.tag in _BLOCKS:
            self.blocks.append(element)
        if reason:
            self.furniture.append(element)
            self.reason = reason

    def leave(self, element: Any) -> None:
        if self.blocks and self.blocks[-1] is element:
            self.blocks.pop()
        if self.furniture and self.furniture[-1] is element:
            self.furniture.pop()
            self.reason = ""

    def flush(self) -> Iterator[Piece]:
        if text := "".join(self.parts).strip():
            yield _piece(self.blocks, text, self.reason)
        self.parts.clear()


def _piece(blocks: list[Any], text: str, furniture: str) -> Piece:
    kinds = [kind for element in reversed(blocks) if (kind := _KINDS.get(element.tag))]
    kind = kinds[0] if kinds else "paragraph"
    lines = text.split("\N{PARAGRAPH SEPARATOR}")
    if kind == "code":
        lines = [part for line in lines for part in line.split("\n")]
    else:
        lines = [_unwrapped(line) for line in lines]
    lines = [" ".join(line.split()) for line in lines]
    return Piece(blocks[-1], kind, (" " if kind == "heading" else "\n").join(line for line in lines if line), furniture)


def _unwrapped(line: str) -> str:
    if "\n" not in line:
        return line
    return join_soft_breaks("\N{LINE SEPARATOR}".join(part for part in line.split("\n") if part.strip()))


def _furniture(element: Any, root: Any, characters: int) -> str:
    """The reason why an element is not part of an article, or an empty string."""
    tag = element.tag
    if element is root or tag in ("html", "body", "main", "article"):
        return ""
    if tag in _FURNITURE or element.get("role") in _ROLES or (tag == "header" and not _in_article(element)):
        return _ASIDE if _is_minor(element, characters) else ""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    is_named = _ALWAYS.search(named) or (_MAYBE.search(named) and _leads_away(element, named))
    return _ASIDE if tag in _BLOCKS and is_named and _is_minor(element, characters) else ""


def _leads_away(element: Any, named: str) -> bool:
    """Whether an element is mostly links and buttons, or only a few words and named just after its function."""
    shown = visible("".join(element.itertext()))
    linked = sum(visible("".join(part.itertext())) for part in element.iter("a", "button"))
    return 2 * linked >= shown or (shown <= _SHORT and _ALONE.search(named) is not None)


def _in_article(element: Any) -> bool:
    return any(ancestor.tag in ("article", "main") for ancestor in element.iterancestors())


def _is_minor(element: Any, characters: int) -> bool:
    """Whether most of the page is elsewhere; otherwise the name is a style of the whole page."""
    return visible("".join(element.itertext())) <= characters // 2
