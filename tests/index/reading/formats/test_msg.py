"""E-mails of Outlook."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.folder import read_folder
from index.reading.formats.extract import Extract
from index.reading.formats.msg import msg_extract, msg_members
from index.reading.places.reader import Problem
from tests.packing import Fields, outlook

SUBJECT, CLASS, HEADERS, SENDER, ADDRESS, TO, SENT, BODY, PAGE, RTF = (
    *(0x37, 0x1A, 0x7D, 0xC1A, 0x5D01, 0xE04, 0x39, 0x1000, 0x1013, 0x1009),
)
NAME, METHOD, DATA, SHOWN_NAME = 0x3707, 0x3705, 0x3701, 0x3001
TEXT = "The tide turns twice a day."
MAIL: dict[int, str | bytes | int | datetime] = {
    SUBJECT: "Tides",
    SENDER: "Maria Silva",
    ADDRESS: "maria@harbour.example",
    TO: "Board",
    SENT: datetime(2026, 1, 12, 9, tzinfo=UTC),
}
HEAD = [
    "Tides",
    'From: "Maria Silva" <maria@harbour.example>',
    "To: Board",
    "Date: Mon, 12 Jan 2026 09:00:00 +0000",
]
WRITTEN = "Received: from x\r\nFrom: =?utf-8?Q?J=C3=BCrgen?= <j@x.example>\r\nDate: Tue, 13 Jan 2026 01:00:00 +0900\r\n"


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


def independent(fields: Fields) -> int:
    """The visible characters of the lines of the head and of the text, from the properties themselves."""
    return visible(f"{HEAD[1]}{HEAD[2]}{HEAD[3]}Subject: {fields[SUBJECT]!s}") + visible(str(fields[BODY]))


@pytest.mark.parametrize("body", [TEXT, f"{TEXT}\n\nOn Monday, Bo wrote:\n> When?\n-- \nMaria", f"{TEXT}\r\n" * 300])
def test_the_account_holds_an_independent_count(body: str) -> None:
    fields = {**MAIL, BODY: body}
    extract = msg_extract(outlook(fields))
    assert extract.characters == independent(fields)
    kept = sum(visible(text) for text in texts(extract))
    assert kept + sum(extract.skipped.values()) == extract.characters


def test_an_e_mail_has_the_head_that_outlook_shows_and_its_text() -> None:
    extract = msg_extract(outlook({**MAIL, BODY: f"{TEXT}\n-- \nMaria", PAGE: b"<p>Other form</p>"}))
    assert texts(extract) == [*HEAD, TEXT]
    header = extract.header
    assert (header.title, header.publisher, header.published) == ("Tides", "Maria Silva", "2026-01-12")
    skipped = {"head of the e-mail": 8, "other forms of the text": 16, "signatures": 7}
    assert dict(extract.skipped) == skipped


def test_the_head_of_its_journey_goes_before() -> None:
    extract = msg_extract(outlook({**MAIL, BODY: TEXT, HEADERS: WRITTEN}))
    assert texts(extract)[1:4] == ["From: Jürgen <j@x.example>", "To: Board", "Date: Tue, 13 Jan 2026 01:00:00 +0900"]
    assert (extract.header.publisher, extract.header.published) == ("Jürgen", "2026-01-13")


def test_a_text_in_html_alone_is_read_in_its_encoding() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>Café am Kai</p></body></html>'.encode("cp1252")
    assert texts(msg_extract(outlook({**MAIL, PAGE: page}))) == [*HEAD, "Café am Kai"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({RTF: b"rtf"}, "its text is in RTF alone: not read. Save it as EML, or its text as a file"),
        ({CLASS: "IPM.Note.SMIME"}, "it is encrypted: its text cannot be read. Save it decrypted"),
    ],
)
def test_a_text_that_cannot_be_read_is_lost_by_name(fields: Fields, reason: str) -> None:
    assert msg_extract(outlook({**MAIL, **fields})).missing == [reason]


def test_its_attachments_are_articles_and_what_cannot_be_one_is_named(tmp_path: Path) -> None:
    attachments: list[Fields] = [
        {NAME: "plan.md", METHOD: 1, DATA: b"# Plan\n\nRepair the crane."},
        {NAME: "logo.png", METHOD: 1, DATA: b"\x89PNG"},
        {SHOWN_NAME: "Old mail", METHOD: 5},
        {NAME: "far.docx", METHOD: 2},
    ]
    (tmp_path / "a.msg").write_bytes(outlook({**MAIL, BODY: TEXT}, attachments))
    found = read_folder(tmp_path)
    assert [article.id for article in found.articles] == ["a.msg", "a.msg/plan.md"]
    assert found.kinds == {".png": 1}
    inner = "an e-mail attached to another: not read. Save it as a file of its own"
    linked = "only linked in its e-mail: not read. Put the file itself here"
    assert found.problems == [Problem("a.msg/Old mail.msg", inner, True), Problem("a.msg/far.docx", linked, True)]


RAW = outlook({**MAIL, BODY: TEXT * 200}, [{NAME: "plan.md", METHOD: 1, DATA: b"x" * 9_000}])
DAMAGED = "no e-mail of Outlook, or a damaged one. Open it in Outlook and save it again"


LARGE = RAW[:32] + b"\xff" + RAW[33:]  # the size of small sectors


@pytest.mark.parametrize("raw", [b"no e-mail", RAW[:600], RAW[:-512], RAW[:512] + bytes(len(RAW) - 512), LARGE])
def test_a_damaged_e_mail_is_named(raw: bytes) -> None:
    for read in (msg_extract, msg_members):
        with pytest.raises(BadArticle) as caught:
            read(raw)
        assert str(caught.value) == DAMAGED


def told(raw: bytes) -> str:
    try:
        return msg_extract(raw).header.title
    except BadArticle as error:
        return str(error)


def test_sectors_that_follow_each_other_in_a_circle_end() -> None:
    table = range(len(RAW) - 512, len(RAW), 4)
    assert {told(RAW[:at] + (1).to_bytes(4, "little") + RAW[at + 4 :]) for at in table} == {DAMAGED, "Tides"}
