"""Web pages saved in one file."""

import email

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.mhtml import mhtml_extract
from index.reading.loader import read_article
from tests.webcount import visible_characters

ADDRESS = "https://harbour.example/tides"
TEXT = "The tide turns twice a day, and the lock opens at nine."
PAGE = (
    f"<html lang='en'><head><title>Tides</title><link rel='canonical' href='https://other.example/'></head>"
    f"<body><nav>Home</nav><article><h1>Tides</h1><p>{TEXT}</p><p>Köln.</p></article></body></html>"
)
FRAME = "<html><style>p {}</style><body><p>Buy our ropes.</p></body></html>"


def saved(*parts: tuple[str, str, str], head: str = f"Snapshot-Content-Location: {ADDRESS}") -> bytes:
    """A saved page of parts: kind, address and content."""
    lines = [f"From: <Saved by a browser>\n{head}\nMIME-Version: 1.0"]
    lines += ['Content-Type: multipart/related; type="text/html"; boundary="x"\n']
    for kind, address, content in parts:
        lines += [f"--x\nContent-Type: {kind}\nContent-Location: {address}\n\n{content}"]
    return ("\n".join(lines) + "\n--x--\n").encode()


MAIN = ("text/html; charset=utf-8", ADDRESS, PAGE)
CSS = ("text/css", "https://harbour.example/a.css", "p { color: red }")
INNER = ("text/html", "https://away.example/frame", FRAME)


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


@pytest.mark.parametrize("parts", [(MAIN,), (INNER, CSS, MAIN), (MAIN, INNER, INNER)])
def test_the_account_holds_an_independent_count(parts: tuple[tuple[str, str, str], ...]) -> None:
    extract = mhtml_extract(saved(*parts))
    message = email.message_from_bytes(saved(*parts))
    pages = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"]
    assert extract.characters == sum(visible_characters(page.decode()) for page in pages if isinstance(page, bytes))
    kept = sum(visible(text) for text in texts(extract)) - extract.repeated
    assert kept + sum(extract.skipped.values()) == extract.characters


def test_the_page_that_was_saved_is_read_and_its_frames_are_counted() -> None:
    extract = mhtml_extract(saved(INNER, CSS, MAIN))
    assert texts(extract) == ["Tides", TEXT, "Köln."]
    frames = visible("Buy our ropes.")
    assert extract.skipped == {"navigation, forms and the like": 4, "frames and other pages saved with it": frames}
    assert (extract.header.title, extract.header.language) == ("Tides", "en")


def test_its_address_is_that_of_the_saved_page_and_its_day_is_not_that_of_saving() -> None:
    page = ("text/html", "cid:1", "<p>Text.</p>")
    dated = f"Snapshot-Content-Location: {ADDRESS}\nDate: Mon, 12 Jan 2026 10:00:00 +0100"
    reading = read_article(saved(page, head=dated), "a.mhtml", 10_000, "a.mhtml")
    assert (reading.article.url, reading.article.published, reading.format) == (ADDRESS, "", "mhtml")
    assert mhtml_extract(saved(("text/html", "file:///C:/a.html", "<p>Text.</p>"), head="X: y")).header.url == ""


def test_a_single_page_and_one_that_is_named_as_the_start_are_read() -> None:
    assert texts(mhtml_extract(f"Content-Type: text/html\n\n<p>{TEXT}</p>".encode())) == [TEXT]
    named = saved(INNER, ("text/html\nContent-ID: <main>", "x", f"<p>{TEXT}</p>"), head="X: y")
    assert texts(mhtml_extract(named.replace(b'boundary="x"', b'boundary="x"; start="<main>"'))) == [TEXT]


def test_a_file_without_a_page_is_named() -> None:
    reason = r"\Ano saved page: none of its parts is a page. Save it anew in a browser\Z"
    for raw in (saved(CSS), b"\x00\x01", saved(MAIN)[:60]):
        with pytest.raises(BadArticle, match=reason):
            mhtml_extract(raw)


def test_parts_too_deep_in_each_other_are_named() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    with pytest.raises(BadArticle, match="its parts lie too deep in each other"):
        mhtml_extract(nested)
