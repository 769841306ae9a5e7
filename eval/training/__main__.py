"""Command line of training: `python -m eval.training [train|measure|pack|set] FOLDER …`."""

import argparse
import sys
from pathlib import Path

import torch

from eval.sets.beir import BadDataset
from eval.training.beir_set import write_set
from eval.training.measures import Read, judged, table
from eval.training.network import Network
from eval.training.pack import pack
from eval.training.records import read_records, sampled
from eval.training.torch_reader import reads
from eval.training.trainer import CHECKPOINT, DEV, TRAIN, Run, Settings, train
from index.cli.runner import OK, run
from index.encoder.model_files import DEFAULT_MODEL, file_sha256, model_folder
from index.reader.reader import Reader
from index.reader.reader_file import READER_FILE, load_weights
from index.reader.windows import Windows

_CHOSEN = ("tasks", "batch", "rate", "seed", "processes", "exchanged")  # settings that are options of `train`


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(_parser, sys.argv[1:] if argv is None else argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.training", description="Train the reader and measure it.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    training = commands.add_parser("train", help="train, or go on with a run that was stopped")
    measuring = commands.add_parser("measure", help="measure a trained network on the dev split")
    packing = commands.add_parser("pack", help="write the reader's file, print its hash and its measures")
    making = commands.add_parser("set", help="write the dev split as a question set in BEIR layout")
    for command, does in ((training, _train), (measuring, _measure), (packing, _pack), (making, _set)):
        command.add_argument("data", type=Path, help="folder with train.jsonl.gz and dev.jsonl.gz")
        command.add_argument("--out", type=Path, required=True, help="folder of the run or of the set")
        command.set_defaults(run=does)
    packing.add_argument("--file", type=Path, default=READER_FILE, help="default: %(default)s")
    for name in _CHOSEN:
        value = getattr(Settings(""), name)
        training.add_argument(f"--{name}", type=type(value), default=value, help="default: %(default)s")
    training.add_argument("--start", type=Path, metavar="RUN", help="train the weights of this run or reader's file on")
    for command in (measuring, packing):
        command.add_argument("--records", type=int, help="measure a random sample of so many (default: all)")
    return parser


def _train(options: argparse.Namespace) -> int:
    chosen = {name: getattr(options, name) for name in _CHOSEN}
    start = options.start
    if start and start.suffix != READER_FILE.suffix:
        start = _checkpoint(start)
    settings = Settings(file_sha256(options.data / TRAIN), start=file_sha256(start) if start else "", **chosen)
    train(Run(settings, options.out, options.data, model_folder(DEFAULT_MODEL), start))
    return OK


def _measure(options: argparse.Namespace) -> int:
    _print_measures(options, reads(_trained(options.out)))
    return OK


def _pack(options: argparse.Namespace) -> int:
    sha256 = pack(_trained(options.out), options.file)
    print(f"{options.file}: {options.file.stat().st_size:,} bytes, sha256 {sha256}")
    _print_measures(options, Reader(load_weights(options.file, sha256)).outputs)
    return OK


def _set(options: argparse.Namespace) -> int:
    write_set(read_records(options.data / DEV), options.out)
    return OK


def _checkpoint(run: Path) -> Path:
    """The file that holds the weights of a run; raises BadDataset without one."""
    if not (run / CHECKPOINT).is_file():
        raise BadDataset(f"{run} holds no run. Train one first: python -m eval.training train")
    return run / CHECKPOINT


def _trained(run: Path) -> Network:
    """The network of a run."""
    network = Network(model_folder(DEFAULT_MODEL))
    network.load_state_dict(torch.load(_checkpoint(run), weights_only=True)["network"])
    return network


def _print_measures(options: argparse.Namespace, read: Read) -> None:
    records = sampled(read_records(options.data / DEV), options.records or sys.maxsize)
    print(table(judged(records, Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json"), read)))


if __name__ == "__main__":
    sys.exit(main())
