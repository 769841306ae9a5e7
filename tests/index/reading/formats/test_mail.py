"""E-mails saved as text."""

from pathlib import Path

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.mail import is_mail, mail_extract
from index.reading.loader import read_article

HEAD = b"""\
Received: from mx.example.org\r
\tby mail.example.org\r
From: A <a@example.org>\r
Subject: =?utf-8?Q?Sitzung_am_K=C3=B6lner_Kai?=\r
Date: Mon, 5 Jan 2026 10:00:00 +0100\r
"""
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
BODY = b"Die Sitzung =C3=BCber den Kai, wir brauchen ein Pro=\r\ntokoll.\r\n"
SUBJECT, TEXT = (
    ("heading", "Sitzung am Kölner Kai"),
    ("paragraph", "Die Sitzung über den Kai, wir brauchen ein Protokoll."),
)
HTML = b"Content-Type: text/html\r\n\r\n<p>Die <b>Sitzung</b></p>\r\n"
FILE = (
    b"Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nJVBERi0=\r\n"
)


def several(*parts: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + b"--x\r\n".join(parts) + b"--x--\r\n"


def test_an_e_mail_has_its_subject_its_day_and_its_decoded_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(HEAD + PLAIN + BODY)
    reading = read_article(tmp_path / "a.txt", "a", 10_000)
    assert (reading.article.title, reading.article.published) == ("Sitzung am Kölner Kai", "2026-01-05")
    assert reading.article.text == f"{SUBJECT[1]}\n{TEXT[1]}"
    assert reading.characters == visible(reading.article.text) + reading.skipped["head of the e-mail"]


def test_other_forms_of_the_text_are_skipped_and_attachments_are_lost_by_name() -> None:
    extract = mail_extract(several(PLAIN + BODY, HTML, FILE))
    assert extract.blocks == [SUBJECT, TEXT]
    assert extract.skipped["other forms of the text"] == len("<p>Die<b>Sitzung</b></p>")
    kept = sum(visible(text) for _, text in extract.blocks)
    assert extract.characters - sum(extract.skipped.values()) - kept == len("JVBERi0=")
    assert extract.notes == ["attachments are not read: a.pdf. Put them here as files"]


def test_a_text_in_html_alone_is_read() -> None:
    assert mail_extract(several(HTML)).blocks == [SUBJECT, ("paragraph", "Die Sitzung")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From: A\nTo: B\nDate: x\nSubject: y\n\nText", True),
        ("From: A\nTo: B\nSubject: y\n\nText", False),
        ("Title: A\nDate: x\nPlace: y\n\nText", False),
        ("From: A\nSubject: y\nDate: x\nText without a line between", False),
        ("From the harbour: news\n\nText", False),
        ("Depth: \t 9 m\n \t Quay: north\n" * 100, False),  # lines that could be read in many ways
    ],
)
def test_the_head_of_an_e_mail_is_told_from_other_first_lines(text: str, expected: bool) -> None:
    assert is_mail(text) is expected


def test_parts_too_deep_in_each_other_are_an_error() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000))
    with pytest.raises(BadArticle, match="its parts lie too deep in each other"):
        mail_extract(HEAD + nested)


def test_headers_and_charsets_that_nobody_knows_are_kept_as_they_stand() -> None:
    raw = b"From: A\nDate: soon\nSubject: =?x-no?Q?a?=\nContent-Type: text/plain; charset=x-no\n\nCaf\xc3\xa9\n"
    assert mail_extract(raw).blocks == [("heading", "=?x-no?Q?a?="), ("paragraph", "Café")]
    assert mail_extract(raw).header.published == ""
