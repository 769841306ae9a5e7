"""Rich text (RTF) to text: paragraphs, lists with their numbers, tables, footnotes and text boxes."""

import re
from collections import Counter, defaultdict
from itertools import groupby

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import table_rows, tidy
from index.reading.formats.ooxml import said_title
from index.reading.formats.raised import lifted, lowered
from index.reading.formats.rtftokens import CODE, Look, Token, Tokens

_HEADING = re.compile(r"heading|title|subtitle|überschrift|titre|título|titolo|标题")
_BULLET = re.compile(r"\s*[•·▪■□◦‣–§o-]\t")
_BULLETS = "marks of lists"


class _Paragraph:
    """A paragraph that grows: its pieces of text by their rise, and its kind."""

    def __init__(self) -> None:
        self.pieces: list[tuple[int, str]] = []
        self.is_item = False

    def taken(self) -> str:
        """The text, which begins anew."""
        text = ""
        for rise, run in groupby(self.pieces, key=lambda piece: piece[0]):
            part = "".join(piece for _, piece in run)
            bare = part.strip()
            shown = lifted(text, bare) if rise > 0 else lowered(bare) or bare
            text += part.replace(bare, shown, 1) if rise and bare else part
        self.pieces = []
        return text


class _Assembly:
    """Blocks made of tokens, and their account."""

    def __init__(self) -> None:
        self.blocks: list[tuple[BlockKind, str]] = []
        self.texts = defaultdict[str, list[str]](list)  # by the reason to leave them out
        self.repeated = 0
        self.bullets = 0
        self._paragraphs = defaultdict[int, _Paragraph](_Paragraph)  # 0 for the body, and beside it
        self._style, self._level, self._in_table = 0, -1, False
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._merged: list[bool] = []

    def add(self, token: Token, styles: dict[int, str]) -> None:
        look, text = token.look, token.text
        if text and look.why != CODE:
            self.texts[look.why].append(text)
        if look.why:
            return
        paragraph = self._paragraphs[look.aside]
        paragraph.is_item |= look.group in ("listtext", "pntext") and bool(text)
        if text:
            paragraph.pieces.append((look.rise, text))
        match token.word:
            case "par" | "sect" | "page" | "column" if self._in_table and not look.aside:
                paragraph.pieces.append((0, "\n"))
            case "par" | "sect" | "page" | "column":
                self._end(look, styles)
            case "nestcell" | "nestrow":
                paragraph.pieces.append((0, "\n"))
            case _:
                self._properties(token, paragraph)

    def _properties(self, token: Token, paragraph: _Paragraph) -> None:
        match token.word:
            case "pard":
                self._style, self._level, self._in_table = 0, -1, False
            case "s":
                self._style = token.number or 0
            case "outlinelevel":
                self._level = token.number or 0
            case "intbl":
                self._in_table = True
            case "trowd":
                self._merged = [False]
            case "clvmrg":
                self._merged[-1:] = [True]
            case "cellx":
                self._merged.append(False)
            case "cell":
                self._cells.append(" ".join(paragraph.taken().split()) or self._above(len(self._cells)))
            case "row":
                self._rows.append(self._cells)
                self._cells = []

    def _above(self, column: int) -> str:
        """The text of the cell with which an empty one is merged."""
        goes_on = column < len(self._merged) and self._merged[column] and self._rows and column < len(self._rows[-1])
        text = self._rows[-1][column] if goes_on else ""
        self.repeated += visible(text)
        return text

    def _end(self, look: Look, styles: dict[int, str]) -> None:
        """End a paragraph, before which a table may end."""
        paragraph = self._paragraphs[look.aside]
        if look.aside:
            paragraph.pieces.append((0, "\N{PARAGRAPH SEPARATOR}"))
            return
        self._end_table()
        is_heading = 0 <= self._level < 9 or _HEADING.match(styles.get(self._style, ""))
        text = paragraph.taken()
        if paragraph.is_item and (bullet := _BULLET.match(text)):
            self.bullets += visible(bullet[0])
            text = text[bullet.end() :]
        self._add("heading" if is_heading else "item" if paragraph.is_item else "paragraph", text)
        self._asides()

    def end(self, styles: dict[int, str]) -> None:
        """End what has not been ended."""
        self._end(Look(), styles)

    def _asides(self) -> None:
        self._paragraphs[0].is_item = False
        for place in sorted(self._paragraphs)[1:]:
            for text in self._paragraphs.pop(place).taken().split("\N{PARAGRAPH SEPARATOR}"):
                self._add("paragraph", text)

    def _end_table(self) -> None:
        rows = [*self._rows, self._cells] if self._cells else self._rows
        self._rows, self._cells = [], []
        own = sum(visible(cell) for row in rows for cell in row)
        if len(rows) < 2 or max(map(len, rows)) < 2:
            self.blocks += [("paragraph", cell) for row in rows for cell in row if cell]
        else:
            lines = [line for line in table_rows(rows[0], rows[1:]) if line]
            self.blocks += [("row", line) for line in lines]
            self.repeated += sum(map(visible, lines)) - own
        if rows:
            self._asides()

    def _add(self, kind: BlockKind, text: str) -> None:
        text = tidy(text)
        if text:
            self.blocks.append((kind, " ".join(text.split()) if kind == "heading" else text))


def rtf_extract(raw: bytes) -> Extract:
    """The text of a rich text file; pictures, objects and the codes of fields are no text.

    The count of characters is of the letters as they are read, before blocks are made of them. Raises BadArticle if
    it is no RTF, cut short or too deep. Dates in its properties are ignored, as they are dates of the file.
    """
    if not raw.lstrip().startswith(b"{\\rtf"):
        raise BadArticle("no RTF: its beginning is missing. Save it anew as RTF or DOCX")
    tokens, assembly = Tokens(raw.lstrip()), _Assembly()
    for token in tokens:
        assembly.add(token, tokens.styles)
    assembly.end(tokens.styles)
    counts = Counter({reason: visible("".join(texts)) for reason, texts in assembly.texts.items()})
    unknown = "".join(assembly.texts[""]).count("\N{REPLACEMENT CHARACTER}")
    missing = [f"letters without a known character: {unknown}. Save it anew as DOCX"] if unknown else []
    heading = next((text for kind, text in assembly.blocks if kind == "heading"), "")
    skipped = +Counter({**counts, "": 0, _BULLETS: assembly.bullets})
    return Extract(
        assembly.blocks,
        counts.total(),
        Header(said_title(tokens.title, assembly.blocks) or heading),
        skipped,
        assembly.repeated + unknown,
        missing=missing,
    )
