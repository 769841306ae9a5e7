"""A build by many processes, on a cluster of Dask.distributed: each takes shard after shard of the folder."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tqdm import tqdm

from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.encoder.openvino_runtime import cores
from index.errors import BadShard, BuildFailed, Unavailable, UserError
from index.ingestion.coverage import total
from index.ingestion.report import Report, VectorSources
from index.reading.folder import check_folder
from index.reading.shards import MOST_SHARDS, Shard
from index.stores.location import BuildWork, Location, NotSupported

if TYPE_CHECKING:
    from index.stores.postgresql.location import Database

LOCAL = "local"
_A_WORKER = 4  # shards: so that one that is slow, or is killed, holds up little
_RETRIES = 5  # of a shard whose worker could not reach the database
_PATIENCE = "5 s"  # until a scheduler answers


def build_on(
    address: str, location: Location, work: BuildWork, *, shards: int = 0, load: LoadEncoder = load_encoder
) -> Report:
    """Build a folder into a database on the workers of a cluster; what they did together.

    `address` is a scheduler's such as `tcp://host:8786`, or `local` for a process a core of this
    machine. Every worker must find the folder and the database under the same names. A shard whose
    worker dies is begun again by another; `shards` is four a worker unless given. Raises BadShard for
    a folder of builds, NotSupported without Dask, BuildFailed where no scheduler or no worker is left, and
    what a unit of work raises.
    """
    from index.stores.postgresql.build import shared

    database = _database(location)

    where, secrets = location.argument()
    with _client(address, secrets) as client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise BuildFailed(f"the scheduler at {address} has no worker. Start some: dask worker {address}")
        if wrong := client.submit(_wrong, work.folder.resolve(), pure=False).result():
            raise wrong
        parts = Shard.all(min(shards or _A_WORKER * workers, MOST_SHARDS))
        task = partial(unit, where, load=load, one_core=address == LOCAL)
        with shared(database.connections, work, load):
            reports = _run(client, work, parts, task)
    notes = [] if address == LOCAL or not secrets else [_WITHHELD.format(" and ".join(secrets))]
    return _added(reports, location, notes)


_WITHHELD = "the password was not sent to the workers: each finds it in {} of its own environment, or by PGPASSFILE"


def unit(where: str, work: BuildWork, load: LoadEncoder, *, one_core: bool) -> Report | UserError:
    """One shard's report, or what a person can fix; Unavailable is raised, so that it is tried again."""
    from index.stores.postgresql.build import build_into
    from index.stores.postgresql.location import Database

    if one_core:
        _keep_to_one_core()
    try:
        database = Database(where)
        with closing(database.connections) as connections:
            return build_into(database, connections, work, partial(_loaded, load))
    except Unavailable:
        raise
    except UserError as error:
        return error


def _wrong(folder: Path) -> UserError | None:
    """Why a worker cannot build of this folder: one that is wrong shall leave no empty collection."""
    try:
        check_folder(folder)
    except UserError as error:
        return error
    return None


def _run(client: Any, work: BuildWork, parts: Sequence[Shard], task: Callable[[BuildWork], Any]) -> list[Report]:
    """What the workers report of these parts."""
    from distributed import KilledWorker, as_completed

    own = [replace(work, folder=work.folder.resolve(), shard=part, show_progress=False) for part in parts]
    build = uuid4().hex  # a scheduler takes tasks with one key for one task, whoever sends them
    futures = [client.submit(task, each, retries=_RETRIES, pure=False, key=f"{build} {each.shard}") for each in own]
    reports, encoded = [], 0
    with tqdm(total=len(parts), unit="shard", desc="building", disable=not work.show_progress) as bar:
        for future in as_completed(futures, loop=client.loop):
            try:
                report = future.result()
            except KilledWorker as error:
                raise BuildFailed(
                    f"a shard was given up: {error}. What is done is kept. Give the workers more memory, or use more "
                    "--shards, and build again"
                ) from error
            if isinstance(report, UserError):
                raise report
            encoded += report.origins.encoded
            bar.update()
            bar.set_postfix_str(f"{encoded:,} passages encoded")
            reports.append(report)
    return reports


def _keep_to_one_core() -> None:
    """Have this worker encode on one core, a core of its own: there are as many workers as cores."""
    from distributed import get_worker

    allowed = sorted(os.sched_getaffinity(os.getpid()))
    os.sched_setaffinity(0, {allowed[int(get_worker().name) % len(allowed)]})  # this thread, and those that it starts


@lru_cache(maxsize=1)
def _loaded(load: LoadEncoder, identity: Identity) -> Encoder:
    """The encoder of a worker, loaded once for all of its shards."""
    return load(identity)


def _database(location: Location) -> "Database":
    from index.stores.postgresql.location import Database

    if not isinstance(location, Database):
        raise BadShard(f"{location} is a folder of builds, which is made whole. Only a database is built in shards")
    return location


@contextmanager
def _client(address: str, secrets: Mapping[str, str]) -> Iterator[Any]:
    """A client of the cluster at this address."""
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise NotSupported(
            f"--dask needs {error.name}, which is not installed. Install it: python -m pip install distributed"
        ) from error
    logging.getLogger("distributed").setLevel(logging.WARNING)  # its import has set it lower
    if address == LOCAL:
        count = cores()
        with (
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                security=True,  # else whoever has an account here could have the workers do anything
                dashboard_address="127.0.0.1:0",
                memory_limit=0,
                env=dict(secrets),
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BuildFailed(f"no Dask scheduler at {address} ({error}). Start one: dask scheduler") from error
    with client:
        yield client


def _added(reports: Sequence[Report], location: Location, notes: list[str]) -> Report:
    """What the workers did together, and what is stored now."""
    manifest = location.open().manifest
    coverages = [report.coverage for report in reports if report.coverage]
    return Report(
        build=manifest.name,
        changed=any(report.changed for report in reports),
        counts=manifest.counts,
        problems=list(dict.fromkeys(problem for report in reports for problem in report.problems)),
        ignored=sum(report.ignored for report in reports),
        coverage=total(coverages),
        origins=sum((report.origins for report in reports), VectorSources()),
        notes=list(dict.fromkeys([*notes, *(note for report in reports for note in report.notes)])),
    )
