"""Web pages saved in one file (MHTML): the page itself; frames and other pages saved with it are counted."""

from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from lxml import etree

from index.errors import BadArticle
from index.reading.encodings.decoding import declared_charset, decode
from index.reading.formats.extract import Extract
from index.reading.formats.webpage import webpage_extract
from index.reading.formats.webtree import parsed, shown
from index.reading.metadata import is_url

_PAGES = ("text/html", "application/xhtml+xml")
_FRAMES = "frames and other pages saved with it"


def mhtml_extract(raw: bytes) -> Extract:
    """The article of a saved page. Raises BadArticle without a page in it, or if its parts are nested too deeply."""
    try:
        message = message_from_bytes(raw.lstrip())
        pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    except RecursionError as error:
        raise BadArticle("its parts lie too deep in each other. Save the page anew") from error
    if not pages:
        raise BadArticle("no saved page: none of its parts is a page. Save it anew in a browser")
    address = str(message["Snapshot-Content-Location"] or "").strip()
    main = next(filter(lambda page: _is_main(page, message, address), pages), pages[0])
    extract = webpage_extract(_source(main))
    frames = sum(_shown(_source(page)) for page in pages if page is not main)
    address = address or str(main["Content-Location"] or "").strip()
    url = extract.header.url or (address if is_url(address) else "")
    return replace(
        extract,
        characters=extract.characters + frames,
        header=replace(extract.header, url=url),
        skipped={**extract.skipped, _FRAMES: frames},
    )


def _is_main(page: Message, message: Message, address: str) -> bool:
    start = message.get_param("start")
    is_named = isinstance(start, str) and page["Content-ID"] == start
    return is_named or (bool(address) and page["Content-Location"] == address)


def _source(page: Message) -> str:
    raw = page.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    return decode(raw, page.get_content_charset() or declared_charset(raw)).text


def _shown(source: str) -> int:
    if not source.strip():
        return 0
    tree = parsed(source)
    etree.strip_elements(tree, "script", "style", "title", with_tail=False)
    return shown(tree)
