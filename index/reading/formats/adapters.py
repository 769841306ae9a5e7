"""The formats of files: each suffix with the adapter that reads its files, and what lists the files in them."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, cast

from index.errors import EmptyArticle
from index.reading.formats.extract import Extract, Member

# The formats that define their own encoding. The module and function of each adapter are imported when the first such
# file is read: its libraries are slow to import, and questions read no files.
BYTES_FORMATS = {
    ".pdf": ("pdf", "pdf_extract"),
    ".docx": ("docx", "docx_extract"),
    ".pptx": ("pptx", "pptx_extract"),
    ".odt": ("odt", "odt_extract"),
    ".ods": ("ods", "ods_extract"),
    ".xlsx": ("xlsx", "xlsx_extract"),
    ".eml": ("eml", "eml_extract"),
    ".msg": ("msg", "msg_extract"),
    ".mhtml": ("mhtml", "mhtml_extract"),
    ".mht": ("mhtml", "mhtml_extract"),
    ".epub": ("epub", "epub_extract"),
}
# The same for formats whose bytes are decoded first.
TEXT_FORMATS = {
    ".html": ("webpage", "webpage_extract"),
    ".htm": ("webpage", "webpage_extract"),
    ".csv": ("delimited", "delimited_extract"),
    ".tsv": ("delimited", "delimited_extract"),
}


# The same for files that hold other files, which are listed; text of their own is read by an adapter above.
CONTAINERS = {
    ".zip": ("archive", "zip_members"),
    ".eml": ("eml", "eml_members"),
    ".msg": ("msg", "msg_members"),
}
SUFFIXES = (".md", ".txt", *TEXT_FORMATS, ".jsonl", *dict.fromkeys((*BYTES_FORMATS, *CONTAINERS)))


def adapter_of(suffix: str, content: bytes | str) -> tuple[str, str] | None:
    """The module and function that read a file with these bytes or this text; None for another kind."""
    return (TEXT_FORMATS if isinstance(content, str) else BYTES_FORMATS).get(suffix)


def adapted(suffix: str, content: bytes | str) -> Extract | None:
    """The extract of a file with these bytes or this text; None for another kind. Raises BadArticle."""
    if not (names := adapter_of(suffix, content)):
        return None
    return cast("Callable[[bytes | str], Extract]", _function(names))(content)


def members_of(suffix: str, content: bytes | str) -> Sequence[Member]:
    """The files in a container with these bytes. Raises BadArticle."""
    if not content.strip():
        raise EmptyArticle("empty: there is nothing to index")
    return cast("Callable[[bytes | str], Sequence[Member]]", _function(CONTAINERS[suffix]))(content)


def _function(names: tuple[str, str]) -> Any:
    return getattr(import_module(f"index.reading.formats.{names[0]}"), names[1])
