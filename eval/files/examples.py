"""Files of known content, one function a format; each also has text that is no part of the article."""

import io
import json
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from textwrap import fill
from typing import Any

import docx
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from eval.files.benchmark import Known, Sample, description
from eval.files.further import FURTHER
from eval.files.packages import PACKAGES
from index.passages.sentences import is_cjk

_CHINESE_FONT = "STSong-Light"


def _markdown(sample: Sample) -> tuple[str, list[Known]]:
    marks = {"heading": "## ", "item": "- ", "paragraph": ""}
    lines = [f"{marks[kind]}{text}" for kind, text in sample.blocks]
    table = [" | ".join(row) for row in (sample.header, ["---"] * len(sample.header), *sample.rows)]
    front = f'---\ntitle: "{sample.title}"\npublisher: "{sample.publisher}"\npublished: "{sample.published}"\n---\n'
    body = "\n\n".join([f"# {sample.title}", "<!-- a remark -->", *lines])
    return f"{front}{body}\n\n" + "\n".join(f"| {line} |" for line in table), sample.known(sample.title)


def _text(sample: Sample) -> tuple[str, list[Known]]:
    blocks = [text if is_cjk(text[0]) else fill(text, 72) for _, text in sample.blocks]
    rows = [", ".join(row) for row in sample.rows]
    parts = [sample.title, sample.dateline, *blocks, *rows]
    return "\n\n".join(parts), sample.known(sample.title, sample.dateline, table=rows)


def _page(sample: Sample) -> tuple[str, list[Known]]:
    tags = {"heading": "h2", "item": "li", "paragraph": "p"}
    lines = [f"<{tags[kind]}>{escape(text)}</{tags[kind]}>" for kind, text in sample.blocks]
    rows = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in sample.rows]
    header = f"<tr>{''.join(f'<th>{escape(cell)}</th>' for cell in sample.header)}</tr>"
    head = (
        f"<title>{escape(sample.title)} | {escape(sample.publisher)}</title>"
        f'<meta property="article:published_time" content="{sample.published}T08:00:00Z">'
    )
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/all'>All articles</a></li></ul></nav>"
    body = f"<main><article><h1>{escape(sample.title)}</h1>{''.join(lines)}<table>{header}{''.join(rows)}</table>"
    rest = "</article></main><div id='onetrust-banner'>We use cookies.</div><footer>Imprint and contact</footer>"
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{menu}{body}{rest}</body></html>"
    return page, sample.known(sample.title)


def _pdf(sample: Sample) -> tuple[bytes, list[Known]]:
    chinese = is_cjk(sample.title[0])
    if chinese:
        pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE_FONT))
    look: dict[str, Any] = {"fontName": _CHINESE_FONT, "wordWrap": "CJK"} if chinese else {"fontName": "Helvetica"}
    body = ParagraphStyle("body", fontSize=10, leading=13, spaceAfter=8, **look)
    large = ParagraphStyle("large", parent=body, fontSize=17, leading=22)
    head = ParagraphStyle("head", parent=body, fontSize=13, leading=17)
    rows = [" ".join(row) for row in sample.rows]
    story = [Paragraph(escape(sample.title), large), Paragraph(escape(sample.dateline), body)]
    story += [Paragraph(escape(text), head if kind == "heading" else body) for kind, text in sample.blocks]
    story += [Paragraph(escape(row), body) for row in rows]
    file = io.BytesIO()

    def number(canvas: Any, _: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 24, f"Page {canvas.getPageNumber()}")

    document = SimpleDocTemplate(file, pagesize=(420, 300), invariant=1, title=sample.title, pageCompression=0)
    document.build(story, onFirstPage=number, onLaterPages=number)
    return file.getvalue(), sample.known(sample.title, sample.dateline, table=rows)


def _word(sample: Sample) -> tuple[bytes, list[Known]]:
    styles = {"heading": "Heading 1", "item": "List Bullet", "paragraph": None}
    document = docx.Document()
    document.core_properties.title = sample.title
    document.sections[0].footer.paragraphs[0].text = sample.publisher
    document.add_paragraph(sample.title, style="Title")
    document.add_paragraph(sample.dateline)
    for kind, text in sample.blocks:
        document.add_paragraph(text, style=styles[kind])
    table = document.add_table(rows=0, cols=len(sample.header))
    for row in (sample.header, *sample.rows) if sample.rows else ():
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue(), sample.known(sample.title, sample.dateline)


def _records(sample: Sample) -> tuple[str, list[Known]]:
    known = [Known(f"{sample.title} ({n})", sample.published, [text]) for n, (_, text) in enumerate(sample.blocks, 1)]
    lines = [{"id": f"{n:03}", "title": one.title, "published": one.published} for n, one in enumerate(known)]
    records = [{**line, "text": one.text[0], "format": "text"} for line, one in zip(lines, known, strict=True)]
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records), known


FORMATS: dict[str, Callable[[Sample], tuple[str | bytes, list[Known]]]] = {
    ".md": _markdown,
    ".txt": _text,
    ".html": _page,
    ".pdf": _pdf,
    ".docx": _word,
    ".jsonl": _records,
    **FURTHER,
    **PACKAGES,
}
"""The function of each format: the content of a file with a sample, and its articles as they are to be read."""


def write_examples(folder: Path, samples: Sequence[Sample]) -> int:
    """Write each sample in each format, with its description; returns the number of files."""
    for sample in samples:
        for suffix, written in FORMATS.items():
            content, articles = written(sample)
            path = folder / suffix[1:] / f"{sample.name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            path.with_name(f"{path.name}.json").write_text(description(articles), "utf-8")
    return len(samples) * len(FORMATS)
