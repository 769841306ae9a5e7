"""Formulas of web pages in one line and once, and raised and lowered text."""

import re
from itertools import islice
from typing import Any

from index.reading.formats.raised import lifted, lowered, power
from index.reading.formats.webtree import added, shown

_HOLDER = re.compile(r"\b(?:katex|mathjax|mjx|mwe-math)", re.IGNORECASE)
_PICTURE = re.compile(r"(?:^|[\s_-])(?:tex|latex|math|formula|equation)(?:$|[\s_-])", re.IGNORECASE)
_STYLE = re.compile(r"^\{\\(?:display|text)style\s*(.*)\}$|^\$++(.*[^$])\$+$|^\$\$+$", re.DOTALL)
_LONGEST = 40  # characters of raised text; more is small print


def show_formulas_once(root: Any) -> int:
    """Leave a formula's text where the page also holds a drawing of it; returns the characters left out.

    A formula that is only a picture or a script becomes its TeX source.
    """
    before = shown(root)
    for formula in list(root.iter("math")):
        holder = _holder(formula)
        if holder is not formula and len(list(islice(holder.iter("math"), 2))) == 1:
            tail, formula.tail = formula.tail, None
            holder.clear(keep_tail=True)
            holder.append(formula)
            holder.tag = "div" if formula.get("display") == "block" and holder.tag == "div" else "span"
            formula.tail = None if not tail or tail.strip() else tail
    return before - shown(root)


def show_pictures(root: Any) -> None:
    """Put the source of formulas that the page only draws in their place."""
    for picture in root.xpath(".//img[normalize-space(@alt)]"):
        has_name = _PICTURE.search(picture.get("class", "")) or _HOLDER.search(picture.get("class", ""))
        if has_name and next(_holder(picture).iter("math"), None) is None:
            tex = " ".join(picture.get("alt").split())
            style = _STYLE.match(tex)
            picture.clear(keep_tail=True)
            picture.tag, picture.text = "span", (style[1] or style[2] or "").strip() if style else tex
    for script in root.xpath('.//script[starts-with(@type, "math/tex")]'):
        previous = script.getprevious()
        if previous is None or not _HOLDER.search(f"{previous.tag} {previous.get('class', '')}"):
            script.tag = "span"


def _holder(formula: Any) -> Any:
    """The outermost element of the program that drew a formula; the formula itself if it has none."""
    holder = formula
    for element in formula.iterancestors():
        if element.tag not in ("span", "div", "p") and not str(element.tag).startswith(("mjx", "semantics")):
            break
        if _HOLDER.search(f"{element.tag} {element.get('class', '')}"):
            holder = element
    return holder


def write_in_line(root: Any) -> None:
    """Turn formulas, raised and lowered text into text of one line."""
    for formula in list(root.iter("math")):
        text = " ".join(_linear(formula).split())
        formula.clear(keep_tail=True)
        formula.tag, formula.text = "span", text
    for element in list(root.iter("sup")):
        if element.getparent() is None:  # it was raised with another
            continue
        text = "".join(element.itertext()).strip()
        if 0 < len(text) <= _LONGEST and element.find(".//br") is None:
            is_note = element.find(".//a") is not None or element.getparent().tag == "a"
            _replace(element, _power(_before(element), text, is_note))
    for element in list(root.iter("sub")):
        text = "".join(element.itertext()).strip()
        if (
            element.getparent() is not None
            and text.isdecimal()
            and (_before(element)[-1:].isdigit() or (element.tail or "")[:1].isdigit())
        ):
            _replace(element, lowered(text) or text)


def _replace(element: Any, text: str) -> None:
    for inner in list(element):
        element.remove(inner)
    element.text = text


def _before(element: Any) -> str:
    """The text just before an element, without what was added to it."""
    previous = element.getprevious()
    if previous is None:
        return element.getparent().text or ""
    return previous.tail or "".join(previous.itertext())


def _power(before: str, text: str, is_note: bool) -> str:
    if text.startswith("["):
        return f" {text}" if before[-1:].isalnum() else text
    if is_note and (written := power(text)):
        return f" {written}" if before.strip() and not before.endswith(" ") else written
    has_power = not lifted(before, "1").startswith(" ")
    if _as_raised(text) or text.isalpha() or not text[:1].isalnum() or not has_power:
        return lifted(before, text)
    return f"{added('^(')}{text}{added(')')}"


def _as_raised(text: str) -> str:
    """A text in raised characters; empty if there is none for a letter or sign, such as a stroke."""
    written = power(text)
    return "" if any(new == old for new, old in zip(written, text, strict=False)) else written


def _linear(element: Any) -> str:  # noqa: PLR0911 - a form for each tag
    """A formula in one line: a/b, √(x), x², x_1."""
    parts = [_linear(inner) for inner in element]
    is_plain = not any((inner.tail or "").strip() for inner in element) and not (element.text or "").strip()
    match (element.tag, parts) if is_plain else ("", []):
        case "mfrac", [above, below]:
            return f"{_group(above)}{added('/')}{_group(below)}"
        case "msup", [base, above]:
            return f"{_group(base)}{_as_raised(above) or added('^') + _group(above)}"
        case "msub", [base, index]:
            return f"{base}{added('_')}{_group(index)}"
        case "msubsup", [base, index, above]:
            return f"{base}{added('_')}{_group(index)}{added('^')}{_group(above)}"
        case "munderover", [base, below, above]:
            return f"{base}{added('_')}{_group(below)}{added('^')}{_group(above)} "
        case "munder", [base, below] if below.isalnum() or len(below) > 1:
            return f"{base}{added('_')}{_group(below)} "
        case "msqrt", _:
            return f"{added('√')}{_group(''.join(parts))}"
        case "mroot", [base, degree]:
            return f"{_as_raised(degree) or degree}{added('√')}{_group(base)}"
        case "mtd", _:
            return f"{''.join(parts)} "
        case "mspace", _:
            return " "
    tails = [f"{part}{(inner.tail or '').strip()}" for part, inner in zip(parts, element, strict=True)]
    return f"{(element.text or '').strip()}{''.join(tails)}"


def _group(text: str) -> str:
    """A part of a formula, in brackets if it has several parts."""
    text = text.strip()
    is_single = text.isalnum() or len(text) <= 1 or (text.startswith("(") and text.find(")") == len(text) - 1)
    return text if is_single else f"{added('(')}{text}{added(')')}"
