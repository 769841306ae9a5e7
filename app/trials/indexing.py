"""Indexing of a trial: its files are read and checked as `index check` does, then made an index of their own."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.trials.folder import Trial, TrialGone
from index.arrays import Vectors
from index.encoder.encoder import Encoder
from index.encoder.model_files import Identity
from index.encoder.pooling import Part
from index.errors import BadFolder, UserError
from index.ingestion.check import FileCheck, check_folder
from index.passages.sentences import Span
from index.stores.builds.build import build

MOST_CHARACTERS = 3_000_000  # of all files of a trial: some minutes of encoding
_TEXTS = 4  # passages that are encoded before questions get their turn
_ROWS = 200  # files, with those in archives, that are shown
_INSIDE = "/!#:>"
_NOTES = 20  # remarks on a file that are shown

_log = logging.getLogger(__name__)
_alone = threading.Lock()  # a worker indexes one trial at a time


@dataclass(frozen=True, slots=True)
class Behind:
    """An encoder that lets questions go first: it takes its turn among them for a few passages at a time."""

    encoder: Encoder
    turn: Callable[[], AbstractContextManager[None]]
    encoded: Callable[[int], None]  # called with the number of passages since the last call

    @property
    def dimension(self) -> int:
        """The width of the vectors."""
        return self.encoder.dimension

    @property
    def max_tokens(self) -> int:
        """The token limit of a passage."""
        return self.encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text."""
        return self.encoder.count_tokens(texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question."""
        with self.turn():
            return self.encoder.questions(texts)

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens that the model knows."""
        return self.encoder.known_shares(texts)

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """One vector a passage, and one a sentence."""
        parts = []
        for start in range(0, max(len(texts), 1), _TEXTS):
            few = slice(start, start + _TEXTS)
            with self.turn():
                parts.append(self.encoder.passages(texts[few], sentences[few]))
            self.encoded(len(texts[few]))
        passages, each = zip(*parts, strict=True)
        return np.concatenate(passages), np.concatenate(each)

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """The contribution of each token of a passage."""
        return self.encoder.parts(text, question)


def begin(
    trial: Trial, encoder: Encoder, identity: Identity, turn: Callable[[], AbstractContextManager[None]]
) -> threading.Thread | None:
    """Index a trial in the background, with an encoder that has this identity; None if that has begun before.

    `turn` waits until it is the turn of a piece of work, which is done inside of it.
    """
    lock = trial.hold()
    if lock is None or trial.status()["state"] != "new":
        if lock:
            lock.close()
        return None
    trial.extend()
    trial.note({"state": "waiting"})

    def work() -> None:
        with lock, _alone:
            _index(trial, encoder, identity, turn)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _index(
    trial: Trial, encoder: Encoder, identity: Identity, turn: Callable[[], AbstractContextManager[None]]
) -> None:
    files: list[dict[str, Any]] = []
    done = 0

    def encoded(count: int) -> None:
        nonlocal done
        done += count
        trial.note({"state": "encoding", "done": done, "files": files})

    try:
        trial.note({"state": "reading"})
        files += accounts(trial, encoder)
        kind = "unread" if not any(file["read"] for file in files) else ""
        if sum(file["characters"] for file in files) > MOST_CHARACTERS:
            kind = "long"
        if kind:
            trial.note({"state": "failed", "problem": kind, "files": files})
            return
        behind = Behind(encoder, turn, encoded)
        build(trial.files, trial.index, identity, load=lambda _: behind)
        trial.note({"state": "ready", "files": files})
    except TrialGone:
        return
    except (UserError, OSError) as error:
        _fail(trial, files, error)
    except BaseException as error:
        _fail(trial, files, error)
        raise


def _fail(trial: Trial, files: list[dict[str, Any]], error: BaseException) -> None:
    if not trial.folder.exists():
        return  # it was deleted meanwhile
    _log.error("a visitor's files could not be indexed: %s", error)
    try:
        trial.note({"state": "failed", "files": files})
    except (TrialGone, OSError):  # the disk is full
        return


def accounts(trial: Trial, encoder: Encoder) -> list[dict[str, Any]]:
    """The account of each file, for the page."""
    try:
        checked = {file.file: _account(file) for file in check_folder(trial.files, encoder).files}
    except BadFolder as error:  # no file was read; below the first line stands the reason for each
        lines = [line.strip().partition(": ") for line in str(error).splitlines()[1:]]
        checked = {name: _unread(name, reason) for name, _, reason in lines}
    for name in trial.names:
        # the files of an archive have its name before theirs
        if not any(key == name or (key.startswith(name) and key[len(name)] in _INSIDE) for key in checked):
            checked[name] = _unread(name, "")
    return [checked[name] for name in sorted(checked)][:_ROWS]


def _account(file: FileCheck) -> dict[str, Any]:
    skipped = [f"skipped {count:,}: {reason}" for reason, count in file.skipped.items()]
    return {
        "file": file.file,
        "read": file.read,
        "characters": file.characters,
        "in_passages": file.in_passages,
        "lost": file.lost,
        "notes": [*file.problems, *file.notes, *skipped][:_NOTES],
    }


def _unread(name: str, reason: str) -> dict[str, Any]:
    """The account of a file that is not read; without a reason its kind is none that is read."""
    notes = [reason] if reason else []
    return {"file": name, "read": False, "characters": 0, "in_passages": 0, "lost": 0, "notes": notes}
