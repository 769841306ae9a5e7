"""A second opinion on the best hits: a model that reads question and passage together."""

import json
import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.arrays import Scores
from index.errors import BadModel

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from index.search.hits import Hit

RERANKED = 20  # best hits of a search that a reranker orders; the others stay behind them
_ALIKE = 1e-6  # scores that lie no further apart tell nothing
_log = logging.getLogger(__name__)


class Reranker(Protocol):
    """What a search needs of a model that scores pairs. Threads may share it."""

    @property
    def name(self) -> str:
        """What it is called, for people."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers: float32 logits, any finite numbers, higher is better. Raises BadModel."""


def reranked(
    hits: Sequence["Hit"], reranker: Reranker, question: str, *, prefer: Collection[str] = (), preference: float = 0
) -> list["Hit"]:
    """The hits with the best 20 in the reranker's order; as they were where it finds them all alike.

    Their scores become the logistic function of the reranker's, in [0, 1]; a hit of an article in
    `prefer` gains `preference`, and all are then divided by 1 + `preference`. The scores of the
    hits behind them are scaled to lie below the lowest of these.
    """
    best, behind = hits[:RERANKED], hits[RERANKED:]
    logits = reranker.scores(question, [hit.passage.text for hit in best]) if best else np.empty(0, np.float32)
    if _alike(logits):
        return list(hits)
    scores = _logistic(logits)
    if prefer:
        preferred = np.array([hit.passage.article.id in prefer for hit in best])
        scores = (scores + preference * preferred) / (1 + preference)
    order = np.lexsort((-logits, -scores))  # stable; of scores that have reached 0 or 1 the logits still differ
    lowest = float(scores.min())
    ordered = [replace(best[place], score=float(scores[place])) for place in order]
    return ordered + [replace(hit, score=lowest * hit.score) for hit in behind]


def chosen_reranker(name: str) -> Reranker | None:
    """The reranker of this name, None for the empty one; raises as `load_reranker` does."""
    return load_reranker(name) if name else None


def load_reranker(name: str) -> "CrossEncoderReranker":
    """The reranker of this hub name or folder. Only files of this machine are read.

    Raises BadModel where they are missing, do not load, or are no CrossEncoder with one score.
    """
    folder = Path(name) if name and Path(name).is_dir() else _from_cache(name)
    _check_kind(name, folder)
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as progress

    progress.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
    try:
        model = CrossEncoder(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise BadModel(f"{folder} does not load as a CrossEncoder: {reason}. Fetch it again") from error
    if model.num_labels != 1:
        raise BadModel(
            f"the reranker {name!r} gives {model.num_labels} scores for a pair: it sorts into classes, "
            "it does not rank. Name a CrossEncoder with one score"
        )
    return CrossEncoderReranker(model, name)


class CrossEncoderReranker:
    """A Reranker made of a sentence-transformers CrossEncoder. It reads one question at a time."""

    def __init__(self, model: "CrossEncoder", name: str) -> None:
        self.name = name
        self._model = model
        self._reading = threading.Lock()  # a tokenizer sets its truncation while it works
        self._told = False

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Logits of all pairs, shape (len(texts),), in one batch; what the model cannot read to the end is cut."""
        import torch

        pairs: Any = [(question, text) for text in texts]
        with self._reading:
            logits = self._model.predict(
                pairs, batch_size=max(len(pairs), 1), activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
            scores = np.asarray(logits, np.float32).reshape(len(pairs))
            self._tell(scores)
        return scores

    def _tell(self, scores: Scores) -> None:
        """Say what is wrong with the scores: an error for no numbers, once a warning for equal ones."""
        if not np.isfinite(scores).all():
            raise BadModel(
                f"the reranker {self.name!r} gave a score that is no number: its weights are damaged or "
                "overflow here. Fetch it again, or leave --reranker (CHAT_RERANKER) out"
            )
        if len(scores) > 1 and _alike(scores) and not self._told:
            self._told = True
            _log.warning(
                "the reranker %r gave %d passages the same score: the order stays as it was. "
                "Where it does so for every question it is no reranker",
                self.name,
                len(scores),
            )


def _alike(scores: Scores) -> bool:
    return not len(scores) or float(np.ptp(scores)) <= _ALIKE


def _logistic(logits: Scores) -> npt.NDArray[np.float64]:
    exact = np.clip(logits.astype(np.float64), -500, 500)  # beyond which the exponential overflows
    return np.asarray(1 / (1 + np.exp(-exact)))


def _from_cache(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).strip().split("\n")[0]
        raise BadModel(
            f"no reranker {name!r}: not a folder, and not in the hub's cache of this machine ({reason}). "
            f"Fetch it once where there is internet: hf download {name or 'NAME'}; or name its folder"
        ) from error


def _check_kind(name: str, folder: Path) -> None:
    """Refuse a model without a head for pairs: it would load, with random numbers in its place."""
    kinds = [*_field(folder / "config.json", "architectures", []), ""]
    saved_as = _field(folder / "config_sentence_transformers.json", "model_type", "")
    if saved_as != "CrossEncoder" and not kinds[0].endswith("ForSequenceClassification"):
        found = saved_as or kinds[0] or "no config.json that says what it is"
        raise BadModel(
            f"the reranker {name!r} is no CrossEncoder ({found}): nothing in it scores a question with a passage. "
            "Name a model made for reranking, such as cross-encoder/ms-marco-MiniLM-L6-v2"
        )


def _field(path: Path, name: str, default: Any) -> Any:
    """A field of a JSON file, the default where file or field is not there."""
    try:
        return json.loads(path.read_text("utf-8")).get(name) or default if path.is_file() else default
    except (ValueError, AttributeError) as error:
        raise BadModel(f"{path} is not a JSON object: {error}. Fetch the reranker again") from error
