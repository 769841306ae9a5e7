"""A stand-in for Tesseract, and scanned pages for it."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

HEAD = "level page_num block_num par_num line_num word_num left top width height conf text".split()


def table(*words: tuple[int, int, str]) -> str:
    """The words of a page as Tesseract writes them: line, confidence, text."""
    rows = [HEAD, ["1", "1", "0", "0", "0", "0", "0", "0", "2480", "3508", "-1", ""]]
    for number, (line, confidence, text) in enumerate(words):
        place = [str(300 + 200 * number), str(400 + 60 * line), "180", "40"]
        rows.append(["5", "1", "1", "1", str(line), str(number), *place, str(confidence), text])
    return "\n".join("\t".join(row) for row in rows)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, output: str, code: int = 0) -> None:
    """A program `tesseract` on the path that writes `output`."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "output").write_text(output, "utf-8")
    langs = 'case "$*" in *--list-langs*) printf "eng\\ndeu\\n"; exit 0;; esac'
    script = f'#!/bin/sh\n{langs}\ncat > /dev/null\ncat "{programs}/output"\nexit {code}\n'
    (programs / "tesseract").write_text(script)
    (programs / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def scanned(text: str = "", pages: int = 1, typed: str = "") -> bytes:
    """A PDF whose pages are pictures of a text; the last one is typed."""
    picture = Image.new("L", (1240, 400), 255)
    if text:
        ImageDraw.Draw(picture).text((60, 150), text, 0, ImageFont.load_default(48))
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for _ in range(pages):
        canvas.drawImage(ImageReader(picture), 0, 300, 595, 192)
        canvas.showPage()
    if typed:
        canvas.drawString(72, 700, typed)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
