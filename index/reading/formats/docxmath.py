"""Formulas of Word (OMML) as lines of text: 1/2, 10⁶, √(x), ∑_(i=1)^9 i."""

from collections.abc import Callable
from typing import Any, ClassVar

from index.reading.formats.docxparts import W
from index.reading.formats.raised import lowered, power

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VALUE = f"{_M}val"
FORMULA = f"{_M}oMath"
MATH_TEXT = f"{_M}t"
_LETTERS = (MATH_TEXT, f"{W}t")


class Formula:
    """A formula as a line; `added` is every sign in it that stands for a layout, not for a text of the file."""

    def __init__(self, element: Any) -> None:
        self.added = ""
        self.text = self._line(element)

    def _line(self, element: Any) -> str:
        if element is None or not isinstance(element.tag, str) or element.tag.endswith(("Pr", "}instrText")):
            return ""
        if element.tag in _LETTERS:
            return element.text or ""
        shape = self._SHAPES.get(element.tag.removeprefix(_M)) if element.tag.startswith(_M) else None
        return shape(self, element) if shape else "".join(self._line(child) for child in element)

    def _part(self, element: Any, name: str) -> str:
        return self._line(element.find(f"{_M}{name}"))

    def _sign(self, sign: str) -> str:
        self.added += sign
        return sign

    def _whole(self, text: str) -> str:
        """A text in brackets, unless it is one number or word."""
        is_one = text.isalnum() or not text or len(text) == 1
        return text if is_one else f"{self._sign('(')}{text}{self._sign(')')}"

    def _raised(self, text: str) -> str:
        return (power(text) or self._sign("^") + self._whole(text)) if text else ""

    def _lowered(self, text: str) -> str:
        return (lowered(text) or self._sign("_") + self._whole(text)) if text else ""

    def _chosen(self, element: Any, name: str, default: str) -> str:
        """A sign that the properties name."""
        named = element.find(f"{element.tag}Pr/{_M}{name}")
        return self._sign(default if named is None else named.get(_VALUE, ""))

    def _fraction(self, element: Any) -> str:
        kind = element.find(f"{_M}fPr/{_M}type")
        line = "¦" if kind is not None and kind.get(_VALUE) == "noBar" else "/"
        above, below = self._whole(self._part(element, "num")), self._whole(self._part(element, "den"))
        return f"{above}{self._sign(line)}{below}"

    def _script(self, element: Any) -> str:
        low, high = self._lowered(self._part(element, "sub")), self._raised(self._part(element, "sup"))
        base = self._part(element, "e")
        base = base if element.tag.endswith("Pre") or _is_plain(base) else self._whole(base)
        return f"{low}{high}{base}" if element.tag.endswith("Pre") else f"{base}{low}{high}"

    def _root(self, element: Any) -> str:
        return (
            f"{self._raised(self._part(element, 'deg'))}{self._sign('√(')}{self._part(element, 'e')}{self._sign(')')}"
        )

    def _large(self, element: Any) -> str:
        sign = self._chosen(element, "chr", "∫")
        low, high = self._part(element, "sub"), self._part(element, "sup")
        low = f"{self._sign('_')}{self._whole(low)}" if low else ""
        high = f"{self._sign('^')}{self._whole(high)}" if high else ""
        return f"{sign}{low}{high} {self._part(element, 'e')}"

    def _brackets(self, element: Any) -> str:
        begin = self._chosen(element, "begChr", "(")
        inner = [self._line(each) for each in element.findall(f"{_M}e")]
        line = inner[0] if inner else ""
        for each in inner[1:]:
            line += self._chosen(element, "sepChr", "|") + each
        return begin + line + self._chosen(element, "endChr", ")")

    def _limit(self, element: Any) -> str:
        limit = self._part(element, "lim")
        sign = "_" if element.tag.endswith("Low") else "^"
        return (
            f"{self._part(element, 'e')}{self._sign(sign)}{self._whole(limit)}" if limit else self._part(element, "e")
        )

    def _function(self, element: Any) -> str:
        return f"{self._part(element, 'fName')} {self._part(element, 'e')}"

    def _accent(self, element: Any) -> str:
        base = self._part(element, "e")
        return f"{self._whole(base)}{self._chosen(element, 'chr', chr(0x302))}"

    def _overline(self, element: Any) -> str:
        return f"{self._whole(self._part(element, 'e'))}{self._sign(chr(0x305))}"

    def _matrix(self, element: Any) -> str:
        rows = [[self._line(each) for each in row.findall(f"{_M}e")] for row in element.findall(f"{_M}mr")]
        self.added += ";" * (len(rows) - 1) + "," * sum(len(row) - 1 for row in rows)
        return "; ".join(", ".join(row) for row in rows)

    def _equations(self, element: Any) -> str:
        lines = [self._line(each) for each in element.findall(f"{_M}e")]
        self.added += ";" * (len(lines) - 1)
        return "; ".join(lines)

    _SHAPES: ClassVar[dict[str, Callable[["Formula", Any], str]]] = {
        "f": _fraction,
        **dict.fromkeys(("sSup", "sSub", "sSubSup", "sPre"), _script),
        "rad": _root,
        "nary": _large,
        "d": _brackets,
        **dict.fromkeys(("limLow", "limUpp"), _limit),
        "func": _function,
        "acc": _accent,
        "bar": _overline,
        "m": _matrix,
        "eqArr": _equations,
    }


def _is_plain(base: str) -> bool:
    return base.replace(".", "").replace(",", "").isalnum() or base.endswith((")", "]", "}"))
