"""Reranking: a cross-encoder reads question and passage together and reorders the best hits."""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.arrays import Scores, logistic
from index.errors import BadModel
from index.search.fusion import boosted
from index.search.hits import Hit, placed_behind
from index.search.store import NO_BOOST

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RERANKED = 20  # best hits of a search that are reordered; other hits stay behind them
_ALIKE = 1e-6  # range of scores that counts as equal
_log = logging.getLogger(__name__)


class Reranker(Protocol):
    """A model that scores pairs of question and passage. Threads may share it."""

    @property
    def name(self) -> str:
        """Its name, for people."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Relevance of each text: finite float32 logits, higher is better. Raises BadModel."""


def reranked(
    hits: Sequence[Hit], reranker: Reranker, question: str, *, boost: Mapping[str, float] = NO_BOOST
) -> list[Hit]:
    """The hits with the best 20 in the reranker's order; unchanged if the reranker scores all 20 alike.

    New scores are the logistic function of the logits, in [0, 1]. Hits of articles in `boost` (id to
    weight) gain a bonus as without a reranker. The scores of hits after the first 20 are scaled to lie
    below the lowest new score.
    """
    best, behind = hits[:RERANKED], hits[RERANKED:]
    logits = reranker.scores(question, [hit.passage.text for hit in best]) if best else np.empty(0, np.float32)
    if _alike(logits):
        return list(hits)
    scores = logistic(logits)
    if boost:
        scores = boosted(scores, np.array([boost.get(hit.passage.article.id, 0.0) for hit in best], np.float32))
    order = np.lexsort((-logits, -scores))  # stable; logits still differ where scores round to 0 or 1
    lowest = float(scores.min())
    ordered = [replace(best[rank], score=float(scores[rank])) for rank in order]
    return ordered + placed_behind(behind, lowest)


def load_reranker(name: str) -> "CrossEncoderReranker":
    """Load a reranker by hub name or folder, from files of this machine only.

    Raises BadModel if files are missing, do not load, or are not a CrossEncoder with one score.
    """
    folder = Path(name) if name and Path(name).is_dir() else _from_cache(name)
    _check_kind(name, folder)
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as progress

    progress.disable_progress_bar()
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
    """A Reranker on a sentence-transformers CrossEncoder. It scores one question at a time."""

    def __init__(self, model: "CrossEncoder", name: str) -> None:
        self.name = name
        self._model = model
        self._lock = threading.Lock()  # the tokenizer sets its truncation on each call
        self._warned = False

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Logits of all pairs, shape (len(texts),), in one batch; long passages are truncated to the model's limit."""
        import torch

        pairs: Any = [(question, text) for text in texts]
        with self._lock:
            logits = self._model.predict(
                pairs, batch_size=max(len(pairs), 1), activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
            scores = np.asarray(logits, np.float32).reshape(len(pairs))
            self._check(scores)
        return scores

    def _check(self, scores: Scores) -> None:
        """Check scores: raise BadModel for NaN or infinity, warn once about equal scores."""
        if not np.isfinite(scores).all():
            raise BadModel(
                f"the reranker {self.name!r} gave a score that is no number: its weights are damaged or "
                "overflow here. Fetch it again, or leave --reranker (CHAT_RERANKER) out"
            )
        if len(scores) > 1 and _alike(scores) and not self._warned:
            self._warned = True
            _log.warning(
                "the reranker %r gave %d passages the same score: the order stays as it was. "
                "Where it does so for every question it is no reranker",
                self.name,
                len(scores),
            )


def _alike(scores: Scores) -> bool:
    return not len(scores) or float(np.ptp(scores)) <= _ALIKE


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
    """Refuse a model without a classification head: it would load with a head of random weights."""
    kinds = [*_field(folder / "config.json", "architectures", []), ""]
    saved_as = _field(folder / "config_sentence_transformers.json", "model_type", "")
    if saved_as != "CrossEncoder" and not kinds[0].endswith("ForSequenceClassification"):
        kind = saved_as or kinds[0] or "no config.json that says what it is"
        raise BadModel(
            f"the reranker {name!r} is no CrossEncoder ({kind}): nothing in it scores a question with a passage. "
            "Name a model made for reranking, such as cross-encoder/ms-marco-MiniLM-L6-v2"
        )


def _field(path: Path, name: str, default: Any) -> Any:
    """A field of a JSON file; the default if file or field is missing."""
    try:
        return json.loads(path.read_text("utf-8")).get(name) or default if path.is_file() else default
    except (ValueError, AttributeError) as error:
        raise BadModel(f"{path} is not a JSON object: {error}. Fetch the reranker again") from error
