"""The one file that knows which engines there are: an address to its location."""

from pathlib import Path
from typing import TypeAlias

from index.stores.builds.location import BuildsFolder
from index.stores.location import Location, NotHere

_DATABASES = ("postgresql://", "postgres://")
LocationLike: TypeAlias = Location | Path | str


def open_location(where: LocationLike) -> Location:
    """The location that a text names: a database by `postgresql://…`, else a folder. Raises UserError."""
    if not isinstance(where, str | Path):
        return where
    if isinstance(where, str) and "://" in where and not where.startswith(_DATABASES):
        raise NotHere("the index has an address of no known kind. Give postgresql://USER@HOST/DATABASE, or a folder")
    if isinstance(where, str) and where.startswith(_DATABASES):
        try:
            from index.stores.postgresql.location import Database
        except ModuleNotFoundError as error:
            raise NotHere(
                f"a database needs {error.name}, which is not installed. "
                'Install it: python -m pip install "psycopg[binary,pool]"'
            ) from error
        return Database(where)
    return BuildsFolder(Path(where))
