"""Files of a mirror: the kinds that are read, a name for each address, and the bytes to write."""

import codecs
import hashlib
import mimetypes
import unicodedata
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from index.reading.formats.adapters import BYTES_FORMATS, CONTAINERS, SUFFIXES
from index.reading.formats.members import OWNER, is_passed, suffix_of

_OPEN, _OASIS = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
# The suffixes of the files of each media type; the first is given to an address that ends in none of them.
KINDS = {
    "text/html": (".html",),
    "application/xhtml+xml": (".xhtml", ".html"),
    "application/pdf": (".pdf",),
    f"{_OPEN}.wordprocessingml.document": (".docx",),
    f"{_OPEN}.presentationml.presentation": (".pptx",),
    f"{_OPEN}.spreadsheetml.sheet": (".xlsx",),
    f"{_OASIS}.text": (".odt",),
    f"{_OASIS}.spreadsheet": (".ods",),
    "application/msword": (".doc", ".rtf"),
    "application/vnd.ms-powerpoint": (".ppt",),
    "application/vnd.ms-excel": (".xls", ".csv"),
    "application/rtf": (".rtf",),
    "text/rtf": (".rtf",),
    "text/csv": (".csv",),
    "text/tab-separated-values": (".tsv",),
    "application/epub+zip": (".epub",),
    "message/rfc822": (".eml", ".mht", ".mhtml"),
    "multipart/related": (".mhtml", ".mht"),
    "application/vnd.ms-outlook": (".msg",),
    "application/x-ipynb+json": (".ipynb",),
    "application/zip": (".zip",),
    "application/x-zip-compressed": (".zip",),
    "text/x-rst": (".rst",),
    "text/prs.fallenstein.rst": (".rst",),
    "text/markdown": (".md", ".markdown"),
    "text/plain": (".txt", ".text", ".md", ".markdown", ".rst", ".csv", ".tsv"),
}
_LONGEST = 80  # characters of a part of a path
_MOST_PARTS = 12
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def file_of(url: str, suffix: str, earlier: str, taken: Collection[str]) -> str:
    """The file of a page below its mirror: that of its path if it is free, and always the same."""
    if earlier.endswith(suffix):
        return earlier
    parts = urlsplit(url)
    digest = hashlib.sha256(url.encode()).hexdigest()[:12]
    names = [_safe(name) for name in unquote(parts.path).split("/") if name]
    last = names.pop() if names and not parts.path.endswith("/") else "index"
    stem = last.removesuffix(suffix) or "page"
    plain = "/".join([*names, f"{stem}{suffix}"])
    marked = "/".join([*names, f"{stem}-{digest}{suffix}"])
    file = marked if parts.query or plain in taken else plain
    is_free = not any(other.startswith(f"{file}/") for other in taken) and not _below(file, taken)
    return file if is_free and len(names) <= _MOST_PARTS else f"{digest}{suffix}"


def suffix_for(kind: str, url: str) -> str:
    """The suffix of a page of this media type: that of its address if the type may have it."""
    ending = suffix_of(urlsplit(url).path)
    return ending if ending in KINDS[kind] else KINDS[kind][0]


def _below(file: str, taken: Collection[str]) -> bool:
    """Whether a folder of the path is a file."""
    parts = file.split("/")
    return any("/".join(parts[:end]) in taken for end in range(1, len(parts)))


def _safe(name: str) -> str:
    """A part of a path as a file's name that the walk does not pass over."""
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in unicodedata.normalize("NFC", name))
    return ("_" + kept if is_passed(kept) or kept.startswith(OWNER) else kept)[:_LONGEST] or "_"


def may_be_page(url: str) -> bool:
    """Whether the ending of an address does not tell of another kind."""
    path = urlsplit(url).path
    guess, packed = mimetypes.guess_type(path)
    return suffix_of(path) in SUFFIXES or (not packed and (guess is None or guess in KINDS))


def in_utf8(body: bytes, suffix: str, charset: str) -> bytes:
    """The body of a page; a text whose encoding only the server names is written as UTF-8 with its mark."""
    if (
        suffix in BYTES_FORMATS
        or suffix in CONTAINERS
        or charset in ("", "utf-8", "us-ascii")
        or body.startswith(_MARKS)
    ):
        return body
    try:
        return codecs.BOM_UTF8 + body.decode(charset).encode()
    except (LookupError, ValueError):
        return body
