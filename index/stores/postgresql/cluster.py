"""Distributed build: the workers of a Dask cluster take shard after shard of a folder."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any
from uuid import uuid4

from tqdm import tqdm

from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.encoder.openvino_runtime import cores
from index.errors import BuildFailed, Unavailable, UserError
from index.ingestion.coverage import total
from index.ingestion.report import Report, VectorSources
from index.reading.folder import check_folder
from index.reading.places.folders import resolved
from index.reading.shards import MOST_SHARDS, Shard
from index.stores.location import BuildWork, Location, NotSupported
from index.stores.postgresql.build import build_into, shared
from index.stores.postgresql.location import Database

LOCAL = "local"
_SHARDS_PER_WORKER = 4  # so that a slow or killed worker delays the build little
_RETRIES = 5  # of a shard whose worker could not reach the database
_PATIENCE = "5 s"  # to wait for the scheduler
_WITHHELD = "the password was not sent to the workers: each finds it in {} of its own environment, or by PGPASSFILE"


def build_on(
    address: str, location: Location, work: BuildWork, *, shards: int = 0, load: LoadEncoder = load_encoder
) -> Report:
    """Build a folder into a database on the workers of a cluster. Returns their reports added up.

    `address` is that of a scheduler such as `tcp://host:8786`, or `local` for one process per core of
    this machine. Every worker must find the folder and the database under the same names. A shard whose
    worker dies is built by another worker; `shards` is four per worker unless given. Raises UserError for
    a folder of builds, NotSupported without Dask, BuildFailed without a scheduler or worker, and the
    errors of `Location.build`.
    """
    if not isinstance(location, Database):
        raise UserError(f"{location} is a folder of builds, which is made whole. Only a database is built in shards")
    work = replace(work, folder=resolved(work.folder))
    where, secrets = location.argument()
    with _client(address, secrets) as client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise BuildFailed(f"the scheduler at {address} has no worker. Start some: dask worker {address}")
        # On a worker, since this machine need not have the folder; a wrong folder leaves no empty collection.
        if error := client.submit(_try, check_folder, work.folder, pure=False).result():
            raise error
        parts = Shard.all(min(shards or _SHARDS_PER_WORKER * workers, MOST_SHARDS))
        with shared(location.connections, work, load):
            reports = _run(client, work, parts, partial(_build_shard, where, load, one_core=address == LOCAL))
    notes = [] if address == LOCAL or not secrets else [_WITHHELD.format(" and ".join(secrets))]
    return _added(reports, location, notes)


def _try(task: Callable[[Any], Any], argument: Any) -> Any:
    """The result of a task, or an error that a person can fix; Unavailable is raised, so that the task is retried."""
    try:
        return task(argument)
    except Unavailable:
        raise
    except UserError as error:
        return error


def _build_shard(where: str, load: LoadEncoder, work: BuildWork, *, one_core: bool) -> Report:
    if one_core:
        _keep_to_one_core()
    database = Database(where)
    with closing(database.connections) as connections:
        return build_into(database, connections, work, partial(_loaded, load))


def _run(client: Any, work: BuildWork, parts: Sequence[Shard], task: Callable[[BuildWork], Report]) -> list[Report]:
    """The reports of the workers on these parts."""
    from distributed import KilledWorker, as_completed

    build = uuid4().hex  # a scheduler runs tasks with the same key once, whoever sends them
    futures = [
        client.submit(
            _try,
            task,
            replace(work, shard=part, show_progress=False),
            retries=_RETRIES,
            pure=False,
            key=f"{build} {part}",
        )
        for part in parts
    ]
    reports, encoded = [], 0
    with tqdm(total=len(parts), unit="shard", desc="building", disable=not work.show_progress) as bar:
        for future in as_completed(futures, loop=client.loop):
            try:
                report = future.result()
            except KilledWorker as error:
                raise BuildFailed(
                    f"a shard was given up: {error}. The other shards are stored. Give the workers more memory, or use "
                    "more --shards, and build again"
                ) from error
            if isinstance(report, UserError):
                raise report
            encoded += report.origins.encoded
            bar.update()
            bar.set_postfix_str(f"{encoded:,} passages encoded")
            reports.append(report)
    return reports


def _keep_to_one_core() -> None:
    """Bind this worker to one core, where the system can; there are as many workers as cores."""
    from distributed import get_worker

    if not hasattr(os, "sched_setaffinity"):  # macOS
        return
    allowed = sorted(os.sched_getaffinity(os.getpid()))
    os.sched_setaffinity(0, {allowed[int(get_worker().name) % len(allowed)]})  # also for threads started later


@lru_cache(maxsize=1)
def _loaded(load: LoadEncoder, identity: Identity) -> Encoder:
    return load(identity)  # once for all shards of a worker


@contextmanager
def _client(address: str, secrets: Mapping[str, str]) -> Iterator[Any]:
    """A client of the cluster at this address."""
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise NotSupported(
            f"--dask needs {error.name}, which is not installed. Install it: python -m pip install distributed"
        ) from error
    logging.getLogger("distributed").setLevel(logging.WARNING)  # its import has set a lower level
    if address == LOCAL:
        count = cores()
        with (
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                security=True,  # else any account on this machine could run code in the workers
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
    """The sum of the reports, with the counts of the whole database."""
    manifest = location.open().manifest
    return Report(
        build=manifest.name,
        changed=any(report.changed for report in reports),
        counts=manifest.counts,
        problems=list(dict.fromkeys(problem for report in reports for problem in report.problems)),
        ignored=sum(report.ignored for report in reports),
        coverage=total(report.coverage for report in reports if report.coverage),
        origins=sum((report.origins for report in reports), VectorSources()),
        notes=list(dict.fromkeys([*notes, *(note for report in reports for note in report.notes)])),
    )
