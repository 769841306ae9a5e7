"""E-mails: head and text of the e-mail itself, and the files in it."""

import email
import email.policy
import hashlib
from pathlib import Path

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.folder import Folder, read_folder
from index.reading.formats.eml import eml_extract, eml_members
from index.reading.formats.extract import Extract
from index.reading.formats.mail import mail_extract
from index.reading.places.reader import Problem
from tests.files import pdf
from tests.packing import e_mail, packed, part

TEXT = "The harbour was dredged to nine metres."
PLAIN = part("text/plain; charset=utf-8", f"Dear all,\n\n{TEXT}\n\nOn 3 January, Bo wrote:\n> How deep?\n-- \nMaria")
PAGE = part("text/html; charset=utf-8", f"<html><body><p>Dear all,</p><p>{TEXT}</p></body></html>")
PDF = pdf([["The crane lifts nine tons."]])
HEAD = ["Dredging", "From: Maria Silva <maria@harbour.example>", "To: board@harbour.example"]
HEAD += ["Date: Mon, 12 Jan 2026 10:00:00 +0100"]


NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"


def alternative(*forms: bytes) -> bytes:
    return b"Content-Type: multipart/alternative; boundary=y\n\n--y\n" + b"\n--y\n".join(forms) + b"\n--y--\n"


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


def lost(extract: Extract) -> int:
    kept = sum(visible(text) for _, text in extract.blocks)
    return extract.characters - sum(extract.skipped.values()) - kept + extract.repeated


def independent(raw: bytes) -> int:
    """The visible characters of the head and of the plain texts, by the newer half of the standard library."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return visible("".join(f"{name}: {value}" for name, value in message.items())) + sum(map(visible, bodies))


@pytest.mark.parametrize(
    "raw",
    [
        e_mail(PLAIN),
        e_mail(alternative(PLAIN, PAGE)),
        e_mail(PLAIN, part("text/plain", "> All of it quoted.")),
        e_mail(PLAIN, subject="=?utf-8?Q?K=C3=B6ln?=", head="X-Note: =?utf-8?B?w7w=?="),
    ],
)
def test_the_account_holds_an_independent_count(raw: bytes) -> None:
    assert (eml_extract(raw).characters, lost(eml_extract(raw))) == (independent(raw), 0)


def test_an_e_mail_has_its_head_its_day_and_its_plain_text() -> None:
    extract = eml_extract(e_mail(alternative(PLAIN, PAGE)))
    assert texts(extract) == [*HEAD, "Dear all,", TEXT]
    header = extract.header
    assert (header.title, header.publisher, header.published) == ("Dredging", "Maria Silva", "2026-01-12")
    assert dict(extract.skipped) == {
        "head of the e-mail": visible('Subject: MIME-Version: 1.0 Content-Type: multipart/mixed; boundary="edge 8"'),
        "other forms of the text": visible(f"<html><body><p>Dear all,</p><p>{TEXT}</p></body></html>"),
        "quoted replies": visible("On 3 January, Bo wrote: > How deep?"),
        "signatures": visible("--Maria"),
    }


@pytest.mark.parametrize("forms", [(PAGE,), (part("text/plain", "\n"), PAGE)])
def test_a_text_in_html_alone_is_read_as_a_page(forms: tuple[bytes, ...]) -> None:
    extract = eml_extract(e_mail(alternative(*forms)))
    assert texts(extract) == [*HEAD, "Dear all,", TEXT]
    assert lost(extract) == 0


@pytest.mark.parametrize("body", ["", "\n\n", "<p> </p><hr>"])
def test_an_e_mail_without_a_text_is_its_head(body: str) -> None:
    extract = eml_extract(e_mail(part("text/html", body)))
    assert (texts(extract), lost(extract)) == (HEAD, 0)


def test_all_texts_that_follow_each_other_are_read() -> None:
    footer = part("text/plain", "You get this as a member of the board.")
    assert texts(eml_extract(e_mail(PAGE, footer)))[-2:] == [TEXT, "You get this as a member of the board."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("mails")
    (folder / ".groups").write_text("board")
    inner = e_mail(PLAIN, part("text/markdown", "# Plan\n\nRepair the crane.", "plan.md"), subject="Inner")
    parts = [
        part("application/pdf", PDF, "crane%20%C3%BC.pdf"),
        part("application/zip", packed({"a.txt": "Tides turn."}), "box.zip"),
        b"Content-Type: message/rfc822\n\n" + inner,
        part("image/png", b"\x89PNG"),
        part("text/calendar", "BEGIN:VCALENDAR"),
        part("text/plain", "The first."),
        part("text/plain", "One.", "note.txt"),
        part("text/plain", "Two.", "note.txt"),
    ]
    (folder / "mail.eml").write_bytes(e_mail(*parts))
    return read_folder(folder)


def test_each_attachment_is_an_article_with_the_groups_of_the_e_mail(folder: Folder) -> None:
    assert [article.id for article in folder.articles] == [
        "mail.eml",
        "mail.eml/Inner.eml",
        "mail.eml/Inner.eml/plan.md",
        "mail.eml/box.zip/a.txt",
        "mail.eml/crane ü.pdf",
        "mail.eml/note (2).txt",
        "mail.eml/note.txt",
    ]
    assert {article.groups for article in folder.articles} == {("board",)}
    crane = folder.articles[4]
    assert (crane.text, crane.sha256) == ("The crane lifts nine tons.", hashlib.sha256(PDF).hexdigest())
    assert (crane.page(0), folder.articles[0].text.split("\n")[-1]) == (1, "The first.")


def test_other_files_in_it_are_counted_by_kind(folder: Folder) -> None:
    assert (folder.kinds, folder.problems) == ({".png": 1, ".ics": 1}, [])


def test_an_encrypted_e_mail_says_that_its_text_is_missing(tmp_path: Path) -> None:
    files = part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x")
    sealed = e_mail(*files, kind="encrypted")
    (tmp_path / "a.eml").write_bytes(sealed)
    reason = "it is encrypted: its text cannot be read. Save it decrypted"
    found = read_folder(tmp_path)
    assert (found.problems, dict(found.kinds)) == ([Problem("a.eml", reason, lost=True)], {".pgp": 1, ".bin": 1})


def test_an_e_mail_that_is_cut_says_so() -> None:
    raw = e_mail(PLAIN, part("application/pdf", PDF, "a.pdf"))
    assert eml_extract(raw[:-400]).notes == ["its end is missing: it may be cut. Save it again"]
    assert [len(member.content) < len(PDF) for member in eml_members(raw[:-400])] == [True]
    assert eml_extract(raw).notes == []


def test_a_text_without_the_mark_of_its_parts_is_read_as_it_stands() -> None:
    raw = e_mail(PLAIN).replace(b'y="edge', b'y="other')
    assert TEXT in "\n".join(texts(eml_extract(raw)))
    assert lost(eml_extract(raw)) == 0


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x00\x01\x02", "no e-mail: it has no head. Save it again from the mail program"),
        (b"Just a text.\n\nNothing else.", "no e-mail: it has no head. Save it again from the mail program"),
        (
            b"From: A\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)),
            "its parts lie too deep in each other. Save the text alone",
        ),
    ],
)
def test_what_is_no_e_mail_is_named(raw: bytes, reason: str) -> None:
    for read in (eml_extract, eml_members):
        with pytest.raises(BadArticle) as caught:
            read(raw)
        assert str(caught.value) == reason


def test_a_line_of_the_head_in_an_encoding_that_has_no_name_stands_as_it_is() -> None:
    raw = e_mail(PLAIN, subject="=?ut\ufffd-8?B?w7w=?=")
    assert texts(eml_extract(raw))[0].endswith("?B?w7w=?=")


def test_a_line_of_the_head_that_would_take_long_to_decode_stands_as_it_is() -> None:
    extract = eml_extract(e_mail(PLAIN, subject=" ".join(60_000 * ["=?utf-8?q?a?="])))
    assert texts(extract)[0].startswith("=?utf-8?q?a?= =?utf-8?q?a?= ")
    assert lost(extract) == 0


def test_nothing_that_an_e_mail_refers_to_is_fetched() -> None:
    kind = "message/external-body; access-type=URL; URL=http://away.example/a.md"
    page = part(
        "text/html", '<p>Text</p><img src="http://away.example/a.png"><iframe src="http://away.example"></iframe>'
    )
    raw = e_mail(page, part(kind, "Content-Type: text/markdown\n\n"))
    assert texts(eml_extract(raw)) == [*HEAD, "Text"]
    assert [member.content for member in eml_members(raw)] == [b""]


def test_a_charset_that_is_no_name_does_not_matter_to_a_file() -> None:
    file = part("application/pdf; charset=a\0b", "\xe9", "a.pdf")
    assert [member.content for member in eml_members(e_mail(PLAIN, file))] == ["\xe9".encode()]
    assert mail_extract(e_mail(PLAIN, file)).notes == ["attachments are not read: a.pdf. Put them here as files"]
