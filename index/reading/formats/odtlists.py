"""Numbers of the lists of an OpenDocument text, which its text may name ("Rule 2")."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from index.reading.formats.docxnumbers import formatted
from index.reading.formats.odfparts import STYLE, TEXT, Document

_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_MOST = 32_767


class Lists:
    """The items of lists with their numbers, which have to be asked for in the order of the document."""

    def __init__(self, document: Document) -> None:
        self._styles = document.styles
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)  # by style, then level

    def items(self, element: Any) -> Iterator[tuple[Any, str]]:
        """Each item of a list with its number; a bullet is none."""
        above = [element, *element.iterancestors(f"{TEXT}list")]
        level = len(above)
        style = next((name for each in above if (name := each.get(f"{TEXT}style-name", ""))), "")
        levels = self._styles.levels(style)
        counts, own = self._counts[style], levels.get(str(level))
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if not goes_on:
            counts[level] = _whole(own.get(f"{TEXT}start-value", "1"), 1) - 1 if own is not None else 0
        for item in element:
            if item.tag == f"{TEXT}list-item":
                start = item.get(f"{TEXT}start-value")
                counts[level] = _whole(start, 1) if start else counts.get(level, 0) + 1
                yield item, _written(levels, level, counts)
            elif item.tag == f"{TEXT}list-header":
                yield item, ""


def _written(levels: dict[str, Any], level: int, counts: dict[int, int]) -> str:
    own = levels.get(str(level))
    if own is None or not str(own.tag).endswith("-style-number") or not own.get(f"{STYLE}num-format"):
        return ""
    shown = min(_whole(own.get(f"{TEXT}display-levels", "1"), 1), level)
    numbers = []
    for each in range(level - shown + 1, level + 1):
        style = levels.get(str(each))
        code = style.get(f"{STYLE}num-format", "") if style is not None else ""
        numbers += [formatted(counts.get(each, 1), _FORMATS.get(code, "decimal"))] if code else []
    return f"{own.get(f'{STYLE}num-prefix', '')}{'.'.join(numbers)}{own.get(f'{STYLE}num-suffix', '')}".strip()


def _whole(written: str, default: int) -> int:
    return min(int(written), _MOST) if written.isascii() and written.isdecimal() and len(written) < 9 else default
