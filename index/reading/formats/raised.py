"""Raised and lowered letters of a text, written so that a power stays a power and the mark of a note stands apart."""

import re

_RAISED = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_ORDINALS = frozenset("st nd rd th er re e o a è ème ers".split())
_BASE = re.compile(r"(?:\A|[^\w.,])(?:\d{1,3}|[^\W\d_]{1,2})\Z|[)\]}]\Z")  # of a power; a longer one has a note mark


def lifted(before: str, raised: str) -> str:
    """Raised letters after a text, written as such where Unicode has them; the mark of a note stands apart."""
    if before[-1:].isdigit() and raised.lower() in _ORDINALS:
        return raised
    written = power(raised)
    if not written or len(raised) > 4:
        return raised
    return written if not before or before.endswith(" ") or _BASE.search(before) else f" {written}"


def power(raised: str) -> str:
    """Raised letters as such; empty if Unicode has not all of them."""
    return _set(raised, raised.translate(_RAISED))


def lowered(text: str) -> str:
    """Lowered digits and signs as such; empty if Unicode has not all of them."""
    return _set(text, text.translate(_LOWERED))


def _set(text: str, written: str) -> str:
    same = (new == old and new.isalnum() for new, old in zip(written, text, strict=True))
    return "" if any(same) else written
