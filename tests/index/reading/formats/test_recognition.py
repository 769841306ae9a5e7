"""Scanned pages of PDFs by text recognition: a stand-in for Tesseract, and itself where it is installed."""

import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from index.articles.article import visible
from index.errors import BadArticle, UserError
from index.reading.folder import read_folder
from index.reading.formats.extract import Extract
from index.reading.formats.parsers import Parsers
from index.reading.formats.pdf import pdf_extract
from index.reading.formats.programs import Programs, run
from tests.app.serving.test_live import until
from tests.packing import e_mail, packed, part
from tests.recogniser import scanned, stand_in, table

LINE = "The harbour was dredged in 2024."


def lost(extract: Extract) -> int:
    shown = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    return extract.characters - sum(extract.skipped.values()) - shown


def test_a_scanned_page_is_recognised_and_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(
        tmp_path, monkeypatch, table((1, 96, "The"), (1, 90, "har-"), (2, 95, "bour"), (2, 39, "silts"), (2, 80, "up."))
    )
    extract = pdf_extract(scanned(typed="Typed text stands here."), "eng")
    assert [text for _, text in extract.blocks] == ["The harbour silts up.", "Typed text stands here."]
    assert (extract.recognised, extract.pages, extract.missing) == ((1,), (0, 22), [])
    assert extract.notes == ["page 1 is recognised from a picture (eng, confidence 80 of 100, 1 of 5 words doubtful)"]
    assert (extract.characters, lost(extract)) == (visible("The har-bour silts up. Typed text stands here."), 0)


def test_without_it_the_page_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, table((1, 96, "Never")))
    extract = pdf_extract(scanned(typed="Typed text stands here."))
    assert (extract.recognised, extract.missing) == ((), ["page 1 has no text (a picture: scanned?)"])


def test_a_scanned_file_in_an_archive_or_e_mail_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, table((1, 96, "Seen.")))
    mail = e_mail(part("text/plain", "The scan is attached."), part("application/pdf", scanned(), "scan.pdf"))
    (tmp_path / "a.zip").write_bytes(packed({"scan.pdf": scanned(), "mail.eml": mail}))
    found = {article.id: article for article in read_folder(tmp_path, programs=Programs(ocr="eng")).articles}
    for name in ("a.zip/scan.pdf", "a.zip/mail.eml/scan.pdf"):
        assert (found[name].text, found[name].recognised) == ("Seen.", (1,))


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ([(1, 41, "T#e"), (1, 30, "b@t")], "page 1: recognition finds too little (confidence 36 of 100)"),
        ([], "page 1: recognition finds no words"),
    ],
)
def test_a_page_that_is_hardly_legible_stays_missing(
    words: list[tuple[int, int, str]], note: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, table(*words))
    extract = pdf_extract(scanned(typed="Typed text stands here."), "eng")
    assert (list(extract.notes), extract.recognised) == ([note], ())
    assert extract.missing == ["page 1 has no text (a picture: scanned?)"]


@pytest.mark.parametrize(
    ("output", "code", "reason"),
    [
        ("no table", 0, "tesseract gives no table of words. Install version 4 or later"),
        ("", 1, "tesseract could not read it. Save the file anew with another program"),
    ],
)
def test_a_recogniser_that_fails_is_named(
    output: str, code: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, f"text\n{output}\n" if output else "", code=code)
    with pytest.raises(BadArticle) as caught:
        pdf_extract(scanned(), "eng")
    assert str(caught.value) == reason


def test_the_worker_recognises_in_the_languages_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, table((1, 96, "Seen.")))
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.pdf").write_bytes(scanned())
    folder = read_folder(articles, programs=Programs(ocr="eng+deu"))
    [article] = folder.articles
    assert (article.text, article.recognised, article.is_recognised(0, 5)) == ("Seen.", (1,), True)
    assert [problem.reason for problem in folder.problems] == [
        "page 1 is recognised from a picture (eng+deu, confidence 96 of 100)"
    ]


@pytest.mark.parametrize(
    ("ocr", "message"),
    [
        ("eng; rm", "--ocr 'eng; rm' names no languages. Write their codes, as in --ocr eng+deu"),
        (
            "eng+chi_sim",
            "--ocr: Tesseract has no data for 'chi_sim'. Install them, in Debian: "
            "apt-get install tesseract-ocr-chi-sim",
        ),
    ],
)
def test_languages_that_are_none_or_not_installed_are_named(
    ocr: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "")
    with pytest.raises(UserError) as caught:
        Programs(ocr=ocr).check()
    assert str(caught.value) == message


def test_a_recogniser_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"\A--ocr needs Tesseract, and there is no tesseract\. Install it"):
        Programs(ocr="eng").check()


def test_a_program_that_takes_too_long_is_killed_with_what_it_has_started(tmp_path: Path) -> None:
    script = "sleep 60 & echo $! > child; wait"
    with pytest.raises(BadArticle, match=r"\Ash took over 1 seconds\. Save the file anew, or split it\Z"):
        run(["sh", "-c", script], 1, folder=tmp_path)
    until(lambda: _has_ended((tmp_path / "child").read_text()))


@pytest.mark.slow
def test_a_program_ends_with_the_worker_that_has_started_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "")
    named = tmp_path / "pid"
    (tmp_path / "programs/tesseract").write_text(f"#!/bin/sh\necho $$ > {named}\nexec sleep 60\n")
    with Parsers(Programs(ocr="eng")) as parsers:
        thread = threading.Thread(target=_read, args=(parsers,))
        thread.start()
        until(lambda: named.exists() and named.read_text() != "")
    thread.join()
    until(lambda: _has_ended(named.read_text()))


def _has_ended(process: str) -> bool:
    status = Path("/proc", process.strip(), "status")
    with suppress(FileNotFoundError, ProcessLookupError):
        return "State:\tZ" in status.read_text()
    return True


def _read(parsers: Parsers) -> None:
    with suppress(BadArticle):  # the worker ends while it reads
        parsers.extract(".pdf", scanned())


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
def test_tesseract_itself_reads_a_picture_of_a_text() -> None:
    with Parsers(Programs(ocr="eng")) as parsers:
        extract = parsers.extract(".pdf", scanned(LINE))
    assert extract
    assert ([text for _, text in extract.blocks], extract.recognised) == ([LINE], (1,))
