"""Old office files (DOC, PPT, XLS) to text, by LibreOffice and the reader of the new format."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.errors import BadArticle, EmptyArticle
from index.reading.formats.extract import Extract
from index.reading.formats.programs import OFFICE, Programs, run

_SECONDS = 120
_MOST_BYTES = 200_000_000
# No macros, no links that are followed, no server but one that does not answer.
_ITEMS = [
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
]
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>
"""
_ITEM = '<item oor:path="/{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'


def office_extract(
    raw: bytes, old: str, new: str, programs: Programs, read: Callable[[str, bytes], Extract | None]
) -> Extract:
    """The text of a file with the suffix `old`, converted to one with the suffix `new`, which `read` reads.

    Raises EmptyArticle if LibreOffice is not asked for, and BadArticle if it cannot convert the file in time.
    """
    if not programs.libreoffice:
        raise EmptyArticle(f"passed over: {old} is an old format. Save it as {new}, or let --libreoffice convert it")
    extract = read(new, _converted(raw, old, new))
    if extract is None:
        raise BadArticle(f"{new} files are not read. Save it in another format")
    return replace(extract, notes=[*extract.notes, f"converted to {new} by LibreOffice"])


def _converted(raw: bytes, old: str, new: str) -> bytes:
    """The bytes of a file in the new format, made in a folder and a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="citewell-") as name:
        folder = Path(name)
        (folder / "profile/user").mkdir(parents=True)
        items = "".join(_ITEM.format(*item) for item in _ITEMS)
        (folder / "profile/user/registrymodifications.xcu").write_text(_PROFILE.format(items), "utf-8")
        (folder / f"file{old}").write_bytes(raw)
        options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        target = ["--convert-to", new[1:], "--outdir", str(folder / "new"), str(folder / f"file{old}")]
        run([OFFICE, profile, *options, *target], _SECONDS, folder=folder)
        made = folder / "new" / f"file{new}"
        if made.is_symlink() or not made.is_file():
            raise BadArticle(f"no {old} that LibreOffice can convert. Save it as {new} with the program that made it")
        if made.stat().st_size > _MOST_BYTES:
            raise BadArticle(f"as {new} it has over {_MOST_BYTES // 10**6} MB. Split the file")
        return made.read_bytes()
