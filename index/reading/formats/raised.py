"""Raised text, such as powers and the marks of notes, as characters of one line."""

import re

_RAISED = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_ORDINALS = frozenset("st nd rd th er re e o a è ème ers".split())
_BASE = re.compile(r"(?:\A|[^\w.,])(?:\d{1,3}|[^\W\d_]{1,2})\Z|[)\]}]\Z")  # of a power; a longer one has a note mark


def raised(before: str, text: str, is_note: bool = False) -> str:
    """Raised text after `before`: in raised characters if there are such, and the mark of a note apart."""
    if before[-1:].isdigit() and text.lower() in _ORDINALS:
        return text
    written = text.translate(_RAISED)
    has_other = any(new == old and new.isalnum() for new, old in zip(written, text, strict=True))
    if has_other or len(text) > 4:
        return text
    is_apart = before and not before.endswith(" ") and (is_note or not _BASE.search(before))
    return f" {written}" if is_apart else written


def as_raised(text: str) -> str:
    """A text in raised characters; empty if there is none for a character."""
    written = text.translate(_RAISED)
    return "" if any(new == old for new, old in zip(written, text, strict=True)) else written


def is_power_of(before: str) -> bool:
    """Whether the end of a text is a short number or letter that may have a power."""
    return _BASE.search(before) is not None
