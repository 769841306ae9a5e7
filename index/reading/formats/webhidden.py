"""Text of web pages that a browser hides, or that is shown only at a click."""

import re
from typing import Any

from lxml import etree

from index.reading.formats.webtree import shown

_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_HIDDEN = etree.XPath(
    r".//*[@hidden or re:test(@style, 'display\s*:\s*none|visibility\s*:\s*hidden', 'i')]", namespaces=_NAMESPACES
)
_STRUCK = etree.XPath(
    r".//s | .//strike | .//del | .//*[re:test(@style, 'text-decoration[^;]*line-through', 'i')]",
    namespaces=_NAMESPACES,
)
_CONTROLLED = ("aria-controls", "data-target", "data-bs-target", "href")
_PANEL = re.compile(
    r"(?:^|[\s_-])(?:answer|accordion|collapse|collapsible|panel|faq|tab-?pane|tab-?panel|expander|toggle-content|spoiler)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_TITLES = ("h2", "h3", "h4", "h5", "h6", "dt", "button", "summary")
_LEAST = 20  # visible characters of an answer
_LEAST_STAND_IN = 60  # visible characters of an article that is shown without scripts
_WITHOUT_SCRIPTS = re.compile(r"java\s?script|enable scripts", re.IGNORECASE)


def hidden_elements(root: Any) -> list[Any]:
    """The elements that a browser hides, except those that a reader opens, such as the answers of a list."""
    controlled = {
        identifier.lstrip("#")
        for element in root.iter("a", "button", "summary", "div", "span", "h2", "h3", "h4", "label")
        for name in _CONTROLLED
        for identifier in (element.get(name) or "").split()
    }
    return [element for element in _HIDDEN(root) if not _is_panel(element, controlled)]


def _is_panel(element: Any, controlled: set[str]) -> bool:
    if (element.get("hidden") or "").lower() == "until-found" or element.get("role") == "tabpanel":
        return True
    previous = element.getprevious()
    is_answer = (
        element.get("id") in controlled
        or _PANEL.search(f"{element.get('class', '')} {element.get('id', '')}")
        or (previous is not None and previous.tag in _TITLES)
        or "Answer" in (element.get("itemtype") or "")
    )
    return bool(is_answer) and shown(element) >= _LEAST


def struck_elements(root: Any) -> list[Any]:
    """The elements whose text is struck through."""
    return list(_STRUCK(root))


def show_stand_ins(root: Any) -> None:
    """Show what stands in for scripts if it holds most of the page's text and is no request to allow them."""
    stand_ins = list(root.iter("noscript"))
    rest = shown(root) - sum(map(shown, stand_ins))
    for element in stand_ins:
        is_request = _WITHOUT_SCRIPTS.search("".join(element.itertext()))
        if not is_request and shown(element) >= max(_LEAST_STAND_IN, rest):
            element.tag = "div"
