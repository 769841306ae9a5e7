"""An address to its location; no other file knows which engines exist."""

import hashlib
from pathlib import Path
from typing import TypeAlias

from platformdirs import user_cache_path

from index.patterns import lazy
from index.stores.builds.location import BuildsFolder
from index.stores.location import Location, NotSupported

_SETTINGS = lazy(r"(?:^|\s)(?:password|host|hostaddr|dbname|user|service)\s*=")  # may hold a password
_DATABASES = ("postgresql://", "postgres://")
LocationLike: TypeAlias = Location | Path | str


def pages_of(location: Location) -> Path:
    """The folder for fetched pages: in a folder of builds, for a database in the user's cache folder."""
    if isinstance(location, BuildsFolder):
        return location.root / "pages"
    return user_cache_path("citewell") / "pages" / hashlib.sha256(str(location).encode()).hexdigest()[:12]


def open_location(where: LocationLike) -> Location:
    """The location with this address: a database for `postgresql://…`, else a folder. Raises UserError."""
    if not isinstance(where, str | Path):
        return where
    if isinstance(where, str) and _SETTINGS.search(where) and not Path(where).exists():
        raise NotSupported("a database is named by an address. Give postgresql://USER@HOST/DATABASE")
    if isinstance(where, str) and "://" in where and not where.startswith(_DATABASES):
        raise NotSupported(
            "the index has an address of an unknown kind. Give postgresql://USER@HOST/DATABASE, or a folder"
        )
    if isinstance(where, str) and where.startswith(_DATABASES):
        try:
            from index.stores.postgresql.location import Database
        except ModuleNotFoundError as error:
            raise NotSupported(
                f"a database needs {error.name}, which is not installed. "
                'Install it: python -m pip install "psycopg[binary,pool]"'
            ) from error
        return Database(where)
    return BuildsFolder(Path(where))
