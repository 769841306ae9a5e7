"""Files of every format, made by the libraries that people make them with."""

import io
import zipfile
from collections.abc import Callable, Sequence

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

LINE_HEIGHT = 14
Pages = Sequence[Sequence[str]]

DREDGED = [
    "The harbour was dredged for the first time in a generation, and",
    "the first ships of more than nine metres' draught came in on the",
    "evening tide of March 3.",
]


def pdf(pages: Pages, title: str = "", locked: bool = False, head: str = "") -> bytes:
    """A PDF of these lines; `# ` makes a line large, an empty line leaves a gap, `[picture]` is a picture."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, encrypt=StandardEncryption("harbour") if locked else None, invariant=1)
    canvas.setTitle(title)
    for number, lines in enumerate(pages, 1):
        if head:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, 810, f"{head} {number}")
        for row, line in enumerate(lines):
            y = 760 - LINE_HEIGHT * row
            if line == "[picture]":
                canvas.drawImage(ImageReader(_picture()), 72, y, 100, 100)
                continue
            canvas.setFont("Helvetica", 18 if line.startswith("# ") else 11)
            canvas.drawString(72, y, line.removeprefix("# "))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def drawn(draw: Callable[[Canvas], None], pages: int = 1) -> bytes:
    """A PDF whose pages are drawn by a function, in Helvetica 10."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for _ in range(pages):
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def say(canvas: Canvas, text: str, x: float = 72, y: float = 700, size: float = 10) -> None:
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, y, text)


def _picture() -> io.BytesIO:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(file, "PNG")
    file.seek(0)
    return file


def word(paragraphs: Sequence[tuple[str, str]], table: Sequence[Sequence[str]] = (), title: str = "") -> bytes:
    """A Word document of paragraphs (style, text), then a table."""
    document = docx.Document()
    document.core_properties.title = title
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                made.cell(row, column).text = cell
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_part(raw: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A Word document with something replaced in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(part.filename, content)
    return file.getvalue()
