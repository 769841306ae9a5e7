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


def bytes_extract(suffix: str, raw: bytes) -> Extract | None:
    """The extract of a file with these bytes; None for a suffix of another kind. Raises BadArticle."""
    if suffix not in BYTES_FORMATS:
        return None
    module, function = BYTES_FORMATS[suffix]
    adapter = getattr(import_module(f"index.reading.formats.{module}"), function)
    return cast("Callable[[bytes], Extract]", adapter)(raw)
