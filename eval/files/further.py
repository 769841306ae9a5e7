"""Further files of known content: sheets, slides, letters, notebooks and e-mails, one function a format."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from html import escape

import openpyxl
import pptx

from eval.files.benchmark import Known, Sample


def _csv(sample: Sample) -> tuple[str, list[Known]]:
    file = io.StringIO()
    csv.writer(file).writerows([sample.header, *sample.rows])
    return file.getvalue(), [Known(f"{sample.name}.csv", "", sample.table)]


def _sheet(sample: Sample) -> tuple[bytes, list[Known]]:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.properties.title = book.worksheets[0].title = sample.title
    for row in (sample.header, *sample.rows):
        book.worksheets[0].append([int(cell) if cell.isdigit() else cell for cell in row])
    book.worksheets[0]["Z1"].comment = openpyxl.comments.Comment("A remark.", sample.publisher)
    book.save(file)
    return file.getvalue(), [Known(sample.title, "", [sample.title, *sample.table])]


def _slides(sample: Sample) -> tuple[bytes, list[Known]]:
    made, file = pptx.Presentation(), io.BytesIO()
    made.core_properties.title = sample.title
    for number, (_, text) in enumerate(sample.blocks):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"{sample.title} ({number})" if number else sample.title
        slide.placeholders[1].text_frame.text = text
    made.save(file)
    texts = [part for n, (_, text) in enumerate(sample.blocks) for part in (f"{sample.title} {n or ''}", text)]
    return file.getvalue(), [Known(sample.title, "", texts)]


def letter(sample: Sample) -> tuple[str, list[Known]]:
    """A text in RTF."""

    def written(text: str) -> str:
        units = text.encode("utf-16-le")
        numbers = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
        return "".join(chr(number) if 0 < number < 128 else f"\\u{number}?" for number in numbers)

    head = (
        f"{{\\rtf1\\ansi\\uc1{{\\info{{\\title {written(sample.title)}}}}}{{\\footer {written(sample.publisher)}\\par}}"
    )
    paragraphs = [sample.title, *(text for _, text in sample.blocks)]
    return head + "".join(f"\\pard {written(text)}\\par\n" for text in paragraphs) + "}", plain(sample)


def _notebook(sample: Sample) -> tuple[str, list[Known]]:
    marks = {"heading": "## ", "item": "- ", "paragraph": ""}
    texts = [f"# {sample.title}", *(f"{marks[kind]}{text}" for kind, text in sample.blocks)]
    cells: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    output = {"output_type": "stream", "name": "stdout", "text": "An output."}
    code = {"cell_type": "code", "metadata": {}, "source": "tide = 6", "outputs": [output], "execution_count": 1}
    notebook = {"cells": [*cells, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False), [Known(sample.title, "", [*plain(sample)[0].text, "tide = 6"])]


def _restructured(sample: Sample) -> tuple[str, list[Known]]:
    lines = [sample.title, "=" * 2 * len(sample.title), "", ".. a remark", ""]
    for kind, text in sample.blocks:
        safe = text.replace("*", "\\*")
        lines += [safe, "-" * 2 * len(safe), ""] if kind == "heading" else [f"{'- ' * (kind == 'item')}{safe}", ""]
    return "\n".join(lines), plain(sample)


def strict_page(sample: Sample) -> tuple[str, list[Known]]:
    """A page in XHTML, without the table."""
    tags = {"heading": "h2", "item": "li", "paragraph": "p"}
    lines = "".join(f"<{tags[kind]}>{escape(text)}</{tags[kind]}>" for kind, text in sample.blocks)
    head = f'<title>{escape(sample.title)}</title><script src="a.js"/>'
    head += f'<meta property="article:published_time" content="{sample.published}"/>'
    body = f"<div><nav><a href='/'>Home</a></nav></div><article><h1>{escape(sample.title)}</h1>{lines}</article>"
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'
    return f'<?xml version="1.0" encoding="utf-8"?>{page}', [
        Known(sample.title, sample.published, plain(sample)[0].text)
    ]


def _mail(sample: Sample) -> tuple[bytes, list[Known]]:
    mail, address = EmailMessage(), "news@harbour.example"
    mail["Subject"], mail["From"], mail["To"] = sample.title, address, "board@harbour.example"
    mail["Date"] = datetime.fromisoformat(f"{sample.published}T10:00:00+00:00")
    mail.set_content("\n\n".join(text for _, text in sample.blocks) + "\n\n-- \nA signature.\n")
    head = [f"From: {address}", "To: board@harbour.example", f"Date: {mail['Date']}"]
    known = Known(sample.title, sample.published, [sample.title, *head, *(text for _, text in sample.blocks)])
    return mail.as_bytes(), [known]


def plain(sample: Sample) -> list[Known]:
    """The title and blocks, without a date and a table."""
    return [Known(sample.title, "", [sample.title, *(text for _, text in sample.blocks)])]


FURTHER: dict[str, Callable[[Sample], tuple[str | bytes, list[Known]]]] = {
    ".csv": _csv,
    ".xlsx": _sheet,
    ".pptx": _slides,
    ".rtf": letter,
    ".ipynb": _notebook,
    ".rst": _restructured,
    ".xhtml": strict_page,
    ".eml": _mail,
}
"""As `FORMATS` of the examples."""
