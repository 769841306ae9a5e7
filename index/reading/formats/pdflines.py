"""Lines of PDF pages to blocks: wrapped lines are joined, running headers and footers dropped."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.articles.article import BlockKind, visible
from index.passages.sentences import is_cjk
from index.reading.formats.markdown import join_soft_breaks

HYPHEN = "\ufffe"  # a hyphen at the end of a line in the library's text
_EDGE = 0.12  # of a page's height, at its top and at its bottom
_LEADING = 1.7  # times the font size: lines further apart are separate paragraphs
_BULLET = re.compile(r"[•‣▪◦●■–-]\s|\(?\d{1,2}[.)]\s|[（(]?[一二三四五六七八九十]{1,3}[)）、]")
_FULL_STOP = re.compile(r"[.!?:;。！？：；…][\"'”’)）」』\]]*\Z")
_SPLIT_WORD = re.compile(rf"(\w*){HYPHEN}\s*(\w*)")
_KEEP = frozenset("all cross ex half high long low mid non post pre quasi self semi short so well".split())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its font size; positions in points, upwards from the page's lower left corner.

    `top` and `bottom` are the base lines of its first and its last character; the size of a watermark is 0.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order, and its height in points."""

    lines: Sequence[Line]
    height: float


@dataclass(frozen=True, slots=True)
class Part:
    """A block, or the part of a block on one page; `continues` if the block began on the page before."""

    kind: BlockKind
    text: str
    page: int
    continues: bool = False


def without_running(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """The pages without their running headers and footers, and the number of characters dropped.

    Such a line is at the same height near an edge of many pages, and its numbers are equal on all of
    them or count the pages; table rows, with other numbers, are not affected.
    """
    seen: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for number, page in enumerate(pages):
        for line in page.lines:
            if key := _edge_key(line, page):
                seen[key][number] = line.text
    least = max(3, 0.4 * len(pages))
    running = {key for key, texts in seen.items() if len(texts) >= least and _counts_pages(texts)}
    body = [Page([line for line in page.lines if _edge_key(line, page) not in running], page.height) for page in pages]
    before, after = (sum(visible(line.text) for page in each for line in page.lines) for each in (pages, body))
    return body, before - after


def _counts_pages(texts: Mapping[int, str]) -> bool:
    """Whether the lines, by page, differ only in the page number."""
    columns = zip(*([int(digits) for digits in re.findall(r"\d+", text)] for text in texts.values()), strict=True)
    return all(
        len(set(column)) == 1 or len({number - page for number, page in zip(column, texts, strict=True)}) == 1
        for column in columns
    )


def parts(pages: Sequence[Page]) -> tuple[list[Part], int]:
    """The blocks of the pages in order, cut at page ends, and the number of hyphens dropped at line ends."""
    lines = [line for page in pages for line in page.lines]
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    frequencies = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for line in lines).lower()))
    page_parts: list[Part] = []
    dropped = 0
    for number, page in enumerate(pages, 1):
        for group in _groups(page.lines):
            text, hyphens = _joined(group, frequencies)
            dropped += hyphens
            kind = _kind(group, text, body)
            continues = bool(page_parts) and _runs_on(page_parts[-1], kind, text, number)
            page_parts.append(Part(kind, text, number, continues))
    return page_parts, dropped


def _edge_key(line: Line, page: Page) -> tuple[str, int] | None:
    height = line.top / page.height if page.height else 0.5
    if not line.size:  # a watermark
        return line.text, round(line.top / 4)
    if _EDGE < height < 1 - _EDGE:
        return None
    return re.sub(r"\d+", "#", line.text).strip(), round(line.top / 4)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Groups of lines that form one heading or paragraph."""
    groups: list[list[Line]] = []
    edges: dict[int, float] = defaultdict(float)  # of columns
    for line in lines:
        edges[round(line.left / 36)] = max(edges[round(line.left / 36)], line.right)
    for line in lines:
        if groups and _is_wrapped(groups[-1][-1], line, edges[round(line.left / 36)]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_wrapped(above: Line, line: Line, edge: float) -> bool:
    """Whether `line` continues `above`, which had no room for its first word."""
    if not line.size or above.apart or line.apart or abs(above.size - line.size) > 0.6 or _BULLET.match(line.text):
        return False
    if not 0 < above.bottom - line.top <= _LEADING * line.size:
        return False
    if above.text.endswith(HYPHEN):
        return True
    first = line.text[:2] if is_cjk(line.text[:1]) else line.text.split(" ", 1)[0]
    width = (line.right - line.left) / max(len(line.text), 1) if HYPHEN not in line.text else line.size / 2
    return above.right + width * (len(first) + 0.5) > edge


def _joined(group: Sequence[Line], frequencies: Counter[str]) -> tuple[str, int]:
    text = join_soft_breaks("\N{LINE SEPARATOR}".join(" ".join(line.text.split()) for line in group))
    dropped = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal dropped
        before, after = match[1], match[2]
        joined, hyphenated = f"{before}{after}".lower(), f"{before}-{after}".lower()
        is_compound = frequencies[hyphenated] > frequencies[joined] or (
            not frequencies[joined] and before.lower() in _KEEP
        )
        if is_compound or not before.isalpha() or not after[:1].islower():
            return f"{before}-{after}"
        dropped += 1
        return f"{before}{after}"

    return _SPLIT_WORD.sub(mend, text), dropped


def _kind(group: Sequence[Line], text: str, body: float) -> BlockKind:
    if 1 < len(text) <= 200 and group[0].size >= 1.15 * body > 0:  # a single letter begins a paragraph
        return "heading"
    return "item" if _BULLET.match(text) else "paragraph"


def _runs_on(before: Part, kind: BlockKind, text: str, page: int) -> bool:
    """Whether a sentence of the page before continues at the top of this page."""
    if page == before.page or kind != "paragraph" or before.kind not in ("paragraph", "item"):
        return False
    return not _FULL_STOP.search(before.text) and (text[:1].islower() or is_cjk(text[:1]))
