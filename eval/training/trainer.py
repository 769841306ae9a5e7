"""The training loop: batches over all cores, a rate that rises and falls, checkpoints that a run goes on from."""

import json
import os
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.multiprocessing
from torch import distributed

from eval.training.examples import Example, Examples, Task, epoch
from eval.training.measures import judged, table
from eval.training.network import Network, autocast, features, loss_of
from eval.training.pack import unpack
from eval.training.records import Record, batched, read_records, sampled
from eval.training.torch_reader import reads
from index.errors import UserError
from index.reader.reader_file import load_weights
from index.reader.windows import Windows

CHECKPOINT, SETTINGS = "checkpoint.pt", "settings.json"
TRAIN, DEV = "train.jsonl.gz", "dev.jsonl.gz"
_SAMPLE, _REPORTS = 800, 6  # records of the dev split that are measured, and how often in a run
_MEETING = "processes"  # file by which the processes find each other
_CHUNK = 2048  # tasks between two checkpoints
_WARM_UP = 0.05  # of the run


class OtherRun(UserError):
    """The folder holds a run with other settings."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run; the same settings give the same weights.

    `data` is the SHA-256 of the training file, `start` that of the checkpoint or reader's file whose weights are
    trained on, "" for those of the encoder. `exchanged` is the share of the answered records that get a negative by
    exchange.
    """

    data: str
    tasks: int = 140_000
    batch: int = 32
    rate: float = 1.5e-4
    decay: float = 0.01
    seed: int = 1
    processes: int = 2
    exchanged: float = 0.3
    start: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as all of its processes see it.

    `folder` keeps its checkpoint, `data` holds the training set, `model` the weights and the tokenizer of the body,
    `start` the checkpoint or the reader's file to start from.
    """

    settings: Settings
    folder: Path
    data: Path
    model: Path
    start: Path | None = None


def train(run: Run) -> None:
    """Train to the end, from the checkpoint in the folder if there is one; raises OtherRun if that has other settings.

    Each process has one thread: on two cores that is faster than one process with two, and it bears busy neighbours.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    settings = json.dumps(asdict(run.settings), indent=1)
    kept = run.folder / SETTINGS
    if kept.is_file() and kept.read_text("utf-8") != settings:
        raise OtherRun(f"{run.folder} holds a run with other settings. Give another --out, or delete that folder")
    kept.write_text(settings, "utf-8")
    if run.settings.processes == 1:
        _work(0, run)
    else:
        (run.folder / _MEETING).unlink(missing_ok=True)  # of a run that was stopped
        torch.multiprocessing.spawn(_work, (run,), run.settings.processes)  # type: ignore[no-untyped-call,attr-defined]


def _work(rank: int, run: Run) -> None:
    torch.set_num_threads(1)
    settings = run.settings
    torch.manual_seed(settings.seed)
    random.seed(settings.seed)
    network = Network(run.model)
    if run.start and run.start.name == CHECKPOINT:
        network.load_state_dict(torch.load(run.start, weights_only=True)["network"])
    elif run.start:
        unpack(load_weights(run.start, settings.start).arrays, network)
    step = _Step(network, settings)
    records = read_records(run.data / TRAIN)
    chunks = list(batched(_tasks(records, settings), _CHUNK))
    done = step.restore(run.folder / CHECKPOINT)
    if settings.processes > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        store = f"file://{run.folder.absolute()}/{_MEETING}"
        distributed.init_process_group("gloo", init_method=store, rank=rank, world_size=settings.processes)
        step.module = torch.nn.parallel.DistributedDataParallel(network)
    windows = Windows(run.model / "tokenizer.json")
    examples = Examples(records, windows)
    dev = sampled(read_records(run.data / DEV), _SAMPLE) if rank == 0 else []
    for number in range(done, len(chunks)):
        began, losses = time.monotonic(), list[float]()
        for batch in _shares(examples, chunks[number], settings, rank, number):
            losses.append(step(batch, (number + len(losses) * settings.batch / _CHUNK) / len(chunks)))
        if rank == 0:
            step.keep(run.folder / CHECKPOINT, number + 1)
            speed = len(chunks[number]) / (time.monotonic() - began)
            _say(f"{number + 1}/{len(chunks)} loss {np.mean(losses):.4f} {speed:.1f} tasks/s")
            if (number + 1) % max(len(chunks) // _REPORTS, 1) == 0:
                _say(table(judged(dev, windows, reads(network))))
    if settings.processes > 1:
        distributed.destroy_process_group()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _tasks(records: list[Record], settings: Settings) -> list[Task]:
    """The tasks of the whole run, epoch after epoch."""
    tasks: list[Task] = []
    turn = 0
    while len(tasks) < settings.tasks:
        tasks += epoch(records, settings.seed * 1000 + turn, settings.exchanged)
        turn += 1
    return tasks[: settings.tasks]


def _shares(examples: Examples, chunk: list[Task], settings: Settings, rank: int, number: int) -> list[list[Example]]:
    """This process's share of each batch: examples of like length, and as many batches in every process."""
    ordered = sorted(chunk, key=lambda task: len(task.record.passage) + len(task.record.question))
    share, size = ordered[rank :: settings.processes], settings.batch // settings.processes
    seed = settings.seed * 1_000_000 + number
    batches = examples.batches(share, random.Random(seed * settings.processes + rank), size)
    if settings.processes > 1:
        count = torch.tensor(len(batches))
        distributed.all_reduce(count, distributed.ReduceOp.MIN)
        del batches[int(count) :]
    random.Random(seed).shuffle(batches)  # alike in all processes
    return batches


class _Step:
    """One step of AdamW on a batch, with the norm of the gradient bounded by 1."""

    def __init__(self, network: Network, settings: Settings) -> None:
        self.module: torch.nn.Module = network
        self._network, self._settings = network, settings
        trained = [each for each in network.parameters() if each.requires_grad]
        self._parameters = trained
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [each for each in trained if each.ndim > 1], "weight_decay": settings.decay},
                {"params": [each for each in trained if each.ndim == 1], "weight_decay": 0.0},
            ],
            lr=settings.rate,
            fused=True,
        )

    def __call__(self, batch: list[Example], share: float) -> float:
        """Learn from a batch; `share` of the run is done. Returns the loss."""
        rate = self._settings.rate * min(share / _WARM_UP, (1 - share) / (1 - _WARM_UP), 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._network.train()
        with autocast():
            loss = loss_of(self.module(*features([example.window for example in batch])), batch)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def restore(self, file: Path) -> int:
        """Continue a checkpoint; returns the number of chunks that are done, 0 without one."""
        if not file.is_file():
            return 0
        kept: dict[str, Any] = torch.load(file, weights_only=True)
        self._network.load_state_dict(kept["network"])
        self._optimizer.load_state_dict(kept["optimizer"])
        return int(kept["done"])

    def keep(self, file: Path, done: int) -> None:
        """Write a checkpoint; a stop while it is written leaves the one before."""
        state = {"network": self._network.state_dict(), "optimizer": self._optimizer.state_dict(), "done": done}
        torch.save(state, file.with_suffix(".part"))
        file.with_suffix(".part").replace(file)
