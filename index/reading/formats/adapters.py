"""The formats of files: each suffix with the adapter that reads its files, and what lists the files in them."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, cast

from index.errors import EmptyArticle
from index.reading.formats.extract import Extract, Member
from index.reading.formats.programs import NONE, Programs

MARKDOWN, PLAIN = (".md", ".markdown"), (".txt", ".text")
# The formats that define their own encoding. The module and function of each adapter are imported when the first such
# file is read: its libraries are slow to import, and questions read no files.
BYTES_FORMATS = {
    ".pdf": ("pdf", "pdf_extract"),
    ".docx": ("docx", "docx_extract"),
    ".rtf": ("rtf", "rtf_extract"),
    ".odt": ("odt", "odt_extract"),
    ".pptx": ("pptx", "pptx_extract"),
    ".xlsx": ("xlsx", "xlsx_extract"),
    ".ods": ("ods", "ods_extract"),
    ".eml": ("eml", "eml_extract"),
    ".msg": ("msg", "msg_extract"),
    ".mhtml": ("mhtml", "mhtml_extract"),
    ".mht": ("mhtml", "mhtml_extract"),
    ".epub": ("epub", "epub_extract"),
}
# Old formats that LibreOffice converts, each with the new one.
OLD_FORMATS = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}
BYTES_FORMATS |= dict.fromkeys(OLD_FORMATS, ("office", "office_extract"))
# The same for formats whose bytes are decoded first.
TEXT_FORMATS = {
    ".html": ("webpage", "webpage_extract"),
    ".htm": ("webpage", "webpage_extract"),
    ".xhtml": ("xhtml", "xhtml_extract"),
    ".csv": ("delimited", "delimited_extract"),
    ".tsv": ("delimited", "delimited_extract"),
    ".ipynb": ("notebook", "notebook_extract"),
    ".rst": ("restructured", "restructured_extract"),
}
# The same for files that hold other files, which are listed; text of their own is read by an adapter above.
CONTAINERS = {
    ".zip": ("archive", "zip_members"),
    ".eml": ("eml", "eml_members"),
    ".msg": ("msg", "msg_members"),
}
SUFFIXES = (*MARKDOWN, *PLAIN, *TEXT_FORMATS, ".jsonl", *dict.fromkeys((*BYTES_FORMATS, *CONTAINERS)))
# Lists of addresses to fetch; no file has these for its suffix.
LISTS = {
    "page links": ("links", "page_links"),
    "site map": ("links", "site_map"),
}
# Texts in files and records, by AS and the name of their format, empty if their marks tell it; e-mails saved as text.
AS, MESSAGE = "as ", "message"
TEXTS = {f"{AS}{name}": ("textformat", "text_extract") for name in ("", "text", "markdown", "html")}
TEXTS |= {MESSAGE: ("mail", "mail_extract")}


def adapter_of(suffix: str, content: bytes | str) -> tuple[str, str] | None:
    """The module and function that read a file with these bytes or this text; None for another kind."""
    by_suffix = TEXT_FORMATS if isinstance(content, str) else BYTES_FORMATS
    return LISTS.get(suffix) or TEXTS.get(suffix) or by_suffix.get(suffix)


def adapted(suffix: str, content: bytes | str, programs: Programs = NONE) -> Extract | None:
    """The extract of a file with these bytes or this text; None for another kind. Raises BadArticle.

    `programs` may be used for it.
    """
    if not (names := adapter_of(suffix, content)):
        return None
    if suffix in OLD_FORMATS:
        return cast("Extract", _function(names)(content, suffix, OLD_FORMATS[suffix], programs, adapted))
    more = {"languages": programs.ocr} if suffix == ".pdf" and programs.ocr else {}
    more |= {"name": suffix.removeprefix(AS)} if suffix.startswith(AS) else {}
    return cast("Callable[..., Extract]", _function(names))(content, **more)


def members_of(suffix: str, content: bytes | str) -> Sequence[Member]:
    """The files in a container with these bytes. Raises BadArticle."""
    if not content.strip():
        raise EmptyArticle("empty: there is nothing to index")
    return cast("Callable[[bytes | str], Sequence[Member]]", _function(CONTAINERS[suffix]))(content)


def _function(names: tuple[str, str]) -> Any:
    return getattr(import_module(f"index.reading.formats.{names[0]}"), names[1])
