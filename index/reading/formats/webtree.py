"""Web page to the tree that a browser shows: frames and shadow roots in place, within bounds."""

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser as Tokeniser
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from index.articles.article import visible
from index.errors import BadArticle

_SECTION = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_REMOVED = "removed"  # a tag that no page has
# Whole quotes, so that marks inside values do not count; possessive, so that an open quote takes linear time.
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
_LONG_TAG = 10_000  # characters
_MOST_ATTRIBUTES = 1_000  # of a tag: the parser compares each pair of them
_MOST_FRAMES = 3  # in each other
_ADDED = "\ufdd0"  # stands before each character that is not in the page; no character itself


def parsed(source: str) -> Any:
    """The tree of a page, with XHTML's CDATA sections as text. Raises BadArticle beyond the bounds."""
    source = source.replace(_ADDED, "\N{REPLACEMENT CHARACTER}")
    # Only a long run is looked at closely, as it may also be a script or a comment.
    if any(len(tag[0]) > _LONG_TAG for tag in _TAG.finditer(source)):
        _Attributes().feed(source)
    if source.lstrip().startswith("<?xml"):  # in other pages browsers read such sections as comments
        source = _SECTION.sub(lambda section: escape(section[1], quote=False), source)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise BadArticle("no text: there is nothing to index but marks") from error
    # Beyond its limits the parser silently drops the rest of the page.
    if fatal := [entry for entry in parser.error_log if entry.level_name == "FATAL" or "xcessive" in entry.message]:
        raise BadArticle(f"the page cannot be read to its end ({fatal[0].message.strip()}). Save a simpler copy")
    return tree


class _Attributes(Tokeniser):
    """A count of each tag's attributes that raises BadArticle for too many."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as inherited
        if len(attrs) > _MOST_ATTRIBUTES:
            raise BadArticle(f"a tag has over {_MOST_ATTRIBUTES:,} attributes. Save a simpler copy")


def unfold(root: Any) -> None:
    """Put the content of frames and declarative shadow roots where a browser shows it."""
    for _ in range(_MOST_FRAMES):
        for frame in root.xpath(".//iframe[normalize-space(@srcdoc)]"):
            inner = parsed(f"<body>{frame.attrib.pop('srcdoc')}</body>")
            frame.clear(keep_tail=True)
            frame.tag = "div"
            frame.extend(inner.find("body") if inner.find("body") is not None else inner)
    for template in root.xpath(".//template[@shadowrootmode or @shadowroot]"):
        _assign(template)


def _assign(template: Any) -> None:
    """Show a shadow root, with the other children of its host in the slots that ask for them."""
    host = template.getparent()
    slots = {slot.get("name") or "": slot for slot in reversed(list(template.iter("slot")))}
    light = [child for child in host if child is not template]
    given = [(child, slots[name]) for child in light if (name := child.get("slot") or "") in slots]
    for slot in {id(slot): slot for _, slot in given}.values():
        otherwise = etree.Element("template")
        otherwise.text, slot.text = slot.text, None
        otherwise.extend(list(slot))
        slot.append(otherwise)
    for child, slot in given:
        slot.append(child)
    if host.text and host.text.strip() and "" in slots:
        slots[""].text = f"{host.text} {slots[''].text or ''}"
        host.text = None
    if template.tail and template.tail.strip() and "" in slots:
        slots[""].text = f"{slots[''].text or ''} {template.tail}"
        template.tail = None
    template.tag = "div"


def shown(element: Any) -> int:
    """The number of visible characters in an element."""
    return visible(shown_text(element))


def shown_text(element: Any) -> str:
    """The text of an element that the page itself has."""
    return without_added("".join(element.itertext()))


def remove(root: Any, elements: Iterable[Any]) -> int:
    """Remove elements from the page; returns their number of visible characters."""
    before = shown(root)
    for element in elements:
        element.tag = _REMOVED
    etree.strip_elements(root, _REMOVED, with_tail=False)
    return before - shown(root)


def added(text: str) -> str:
    """A text that the page does not have, such as the stroke of a fraction, marked as such."""
    return "".join(f"{_ADDED}{character}" for character in text)


def without_added(text: str) -> str:
    """The text that the page itself has."""
    return re.sub(f"{_ADDED}.", "", text)


def with_added(text: str) -> str:
    """The text with what was added to it."""
    return text.replace(_ADDED, "")
