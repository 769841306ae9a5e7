"""Synthetic collections in each store: the cost of filling, keeping and searching it, and its recall."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.scale.lance import measure_lance
from eval.scale.smaps import children, held, parent
from eval.speed.contenders.race import Say
from eval.speed.growth.growing import build, measure, perform
from index.stores.address import open_location

SIZES = (10_000, 100_000, 1_000_000)
FOLDER = "folder of builds"
_TAKEN = """
    SELECT coalesce(sum(pg_indexes_size(c.oid)), 0) / 1e6,
        current_setting('server_version'), current_setting('shared_buffers'), pg_backend_pid()
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


def grow(
    sizes: Sequence[int],
    questions: Sequence[str],
    work: Path,
    say: Say,
    *,
    dsn: str = "",
    joined: Sequence[str] = (),
    lance: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """A row for each size and store, as soon as it is measured.

    Without a `dsn` the folder alone is measured; the content of that database is replaced. A database with
    pg_textsearch is asked a second time without its index. `joined` are the addresses of a coordinator and of
    its shards, whose content is replaced as well; `lance` is the command of LanceDB's side. Raises Failed.
    """
    for size in sizes:
        source, made = build(size, work, say)
        yield {"store": FOLDER, **made, **measure(str(source), source, questions)}
        say(f"{size:,} passages: the folder is searched")
        if dsn:
            filled = perform(work, "copy", source=str(source), target=dsn)
            say(f"{size:,} passages: the database is filled in {filled['load_s']:,.0f} s")
            yield {**filled, **measure(dsn, source, questions), **server(dsn)}
            if without_index(dsn):
                filled["disk_mb"] = open_location(dsn).bytes() / 1e6
                yield {**filled, **measure(dsn, source, questions), **server(dsn)}
        if joined:
            filled = fill_shards(source, joined[0], joined[1:], work)
            say(f"{size:,} passages: the shards are filled in {filled['load_s']:,.0f} s, one after another")
            yield {**filled, **measure(joined[0], source, questions)}
        if lance:
            yield measure_lance(source, questions, work, lance)
            say(f"{size:,} passages: LanceDB is searched")


def fill_shards(source: Path, coordinator: str, shards: Sequence[str], work: Path) -> dict[str, Any]:
    """Fill shards one after another, and join them: the sums of what each costs."""
    parts = [
        perform(work, "copy", source=str(source), target=shard, part=f"{number}/{len(shards)}") | server(shard)
        for number, shard in enumerate(shards)
    ]
    open_location(coordinator).join([open_location(shard) for shard in shards])
    sums = {name: sum(part[name] for part in parts) for name in ("load_s", "disk_mb", "indexes_mb")}
    held_by = [part["server_mb"] for part in parts]
    return {
        **sums,
        "server_mb": None if None in held_by else sum(held_by),
        "store": f"{parts[0]['store'].rpartition(', ')[0]}, {len(shards)} shards",
    }


def without_index(dsn: str) -> bool:
    """Whether there was a BM25 index, which is dropped with its words."""
    import psycopg

    with psycopg.connect(dsn) as connection:
        there = connection.execute("SELECT to_regclass('passage_words') IS NOT NULL").fetchone() == (True,)
        connection.execute("DROP TABLE IF EXISTS passage_words")
    return there


def server(dsn: str) -> dict[str, Any]:
    """Its version, the disk of indexes, and the memory of all its processes, None if it runs on another machine."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        indexes, version, buffers, process = connection.execute(_TAKEN).fetchone() or ()
        try:
            postmaster = parent(process)
            memory = held([postmaster, *children(postmaster)])["part"]
        except (OSError, StopIteration):  # or it runs as a user whose processes may not be looked at
            memory = None
    store = f"PostgreSQL {version.split()[0]}, shared_buffers {buffers}, {open_location(dsn).keywords()}"
    return {"store": store, "indexes_mb": float(indexes), "server_mb": memory}
