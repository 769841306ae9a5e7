"""The formats that define their own encoding: each suffix with the adapter that reads the bytes of its files."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from index.reading.formats.extract import Extract

# The module and function of each adapter, imported when the first such file is read: its libraries are slow to
# import, and questions read no files.
BYTES_FORMATS = {
    ".pdf": ("pdf", "pdf_extract"),
    ".docx": ("docx", "docx_extract"),
}
# The same for formats whose bytes are decoded first and whose parser is native code.
TEXT_FORMATS = {
    ".html": ("webpage", "webpage_extract"),
    ".htm": ("webpage", "webpage_extract"),
}
# Lists of addresses to fetch; no file has these for its suffix.
LISTS = {
    "page links": ("links", "page_links"),
    "site map": ("links", "site_map"),
}


def adapter_of(suffix: str, content: bytes | str) -> tuple[str, str] | None:
    """The module and function that read a file with these bytes or this text; None for another kind."""
    return LISTS.get(suffix) or (TEXT_FORMATS if isinstance(content, str) else BYTES_FORMATS).get(suffix)


def adapted(suffix: str, content: bytes | str) -> Extract | None:
    """The extract of a file with these bytes or this text; None for another kind. Raises BadArticle."""
    if not (names := adapter_of(suffix, content)):
        return None
    adapter = getattr(import_module(f"index.reading.formats.{names[0]}"), names[1])
    return cast("Callable[[bytes | str], Extract]", adapter)(content)
