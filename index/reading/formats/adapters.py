"""The formats that define their own encoding: each suffix with the adapter that reads the bytes of its files."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from index.reading.formats.extract import Extract
from index.reading.formats.programs import NONE, Programs

# The module and function of each adapter, imported when the first such file is read: its libraries are slow to
# import, and questions read no files.
BYTES_FORMATS = {
    ".pdf": ("pdf", "pdf_extract"),
    ".docx": ("docx", "docx_extract"),
    ".rtf": ("rtf", "rtf_extract"),
}
# Old formats that LibreOffice converts, each with the new one.
OLD_FORMATS = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}
OLD_FORMATS = {old: new for old, new in OLD_FORMATS.items() if new in BYTES_FORMATS}
BYTES_FORMATS |= dict.fromkeys(OLD_FORMATS, ("office", "office_extract"))
# The same for formats whose bytes are decoded first.
TEXT_FORMATS = {
    ".html": ("webpage", "webpage_extract"),
    ".htm": ("webpage", "webpage_extract"),
    ".xhtml": ("xhtml", "xhtml_extract"),
    ".ipynb": ("notebook", "notebook_extract"),
    ".rst": ("restructured", "restructured_extract"),
}


def adapter_of(suffix: str, content: bytes | str) -> tuple[str, str] | None:
    """The module and function that read a file with these bytes or this text; None for another kind."""
    return (TEXT_FORMATS if isinstance(content, str) else BYTES_FORMATS).get(suffix)


def adapted(suffix: str, content: bytes | str, programs: Programs = NONE) -> Extract | None:
    """The extract of a file with these bytes or this text; None for another kind. Raises BadArticle.

    `programs` may be used for it.
    """
    if not (names := adapter_of(suffix, content)):
        return None
    adapter = getattr(import_module(f"index.reading.formats.{names[0]}"), names[1])
    if suffix in OLD_FORMATS:
        return cast("Extract", adapter(content, suffix, OLD_FORMATS[suffix], programs, adapted))
    more = {"languages": programs.ocr} if suffix == ".pdf" and programs.ocr else {}
    return cast("Callable[..., Extract]", adapter)(content, **more)
