"""The folders that the arguments of a command name, with sites fetched, and the programs that help to read them."""

import argparse
import sys
from pathlib import Path

from index.reading.formats.programs import Programs
from index.reading.places.folders import Where
from index.reading.places.mirror import Bounds
from index.reading.places.sites import fetched


def where_in(arguments: argparse.Namespace, pages: Path) -> Where:
    """The folders, and mirrors of the sites below `pages`, which are fetched now. Raises BadFolder."""
    return fetched(
        arguments.folder,
        pages,
        Bounds(pages=arguments.max_pages, page_bytes=int(arguments.max_file_mb * 1e6)),
        max_age=60 * getattr(arguments, "max_age", 0),
        show_progress=sys.stderr.isatty(),
    )


def programs_in(arguments: argparse.Namespace) -> Programs:
    """The programs that may help. Raises UserError if one is not installed, before an empty index is made."""
    programs = Programs(arguments.libreoffice, arguments.ocr)
    programs.check()
    return programs
