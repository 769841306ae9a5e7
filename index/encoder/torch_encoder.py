"""Encoder on sentence-transformers: the reference for exports, and the fallback for models that cannot be exported."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays import Offsets, Vectors
from index.encoder.model_files import Identity, identify, model_folder
from index.encoder.transformer_encoder import About, Result, TransformerEncoder
from index.errors import REBUILD, BadModel, ForeignIndex, first_line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_FALLBACK_MAX_TOKENS = 512
_BATCH = 16
_on_one_thread = threading.Event()


def check_weights(identity: Identity) -> None:
    """Raise ForeignIndex unless the weights under the model's name are the identity's."""
    present = identify(identity.model, identity.question_prefix, identity.passage_prefix)
    if present.weights != identity.weights:
        raise ForeignIndex(
            f"the index was built with {identity.model} of sha256 {identity.weights[:12]}…, "
            f"but the weights here have {present.weights[:12]}…. {REBUILD}"
        )


def load_reference(identity: Identity) -> "SentenceTransformerEncoder":
    """The reference encoder of this model, on a GPU or the CPU as sentence-transformers chooses.

    Raises BadModel, and ForeignIndex if the weights are not the identity's.
    """
    check_weights(identity)
    return SentenceTransformerEncoder(load_model(str(model_folder(identity.model))), identity)


def load_model(folder: str, device: str | None = None) -> "SentenceTransformer":
    """The model in a folder. Raises BadModel."""
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(folder, local_files_only=True, device=device)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = f"{folder} does not load as a sentence-transformers model: {first_line(error)}"
        raise BadModel(f"{reason}. Fetch it again") from error
    if _on_one_thread.is_set():
        encode_on_one_thread()
    return model


def encode_on_one_thread() -> None:
    """Limit sentence-transformers to one thread from now on.

    Right for questions, slow for whole collections: concurrent questions then share the cores
    instead of competing for them. Exported models do that by themselves.
    """
    _on_one_thread.set()
    if "torch" in sys.modules:  # else the first model to be loaded sets it
        sys.modules["torch"].set_num_threads(1)


def about(model: "SentenceTransformer") -> About:
    """The metadata of a model."""
    return About(
        reads=model.max_seq_length or _FALLBACK_MAX_TOKENS,
        dimension=int(model.get_embedding_dimension() or 0),
        pools_sentences=pools_sentences(model),
        unknown=-1 if model.tokenizer.unk_token_id is None else model.tokenizer.unk_token_id,
        padding=model.tokenizer.pad_token_id or 0,
    )


def pools_sentences(model: "SentenceTransformer") -> bool:
    """Whether the model's vector is the mean of its token states, so that sentences can be pooled from them."""
    names = [type(module).__name__ for module in model]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    is_mean = getattr(model[1], "pooling_mode", None) == "mean" and getattr(model[1], "include_prompt", False)
    return is_mean and bool(model.tokenizer.is_fast)


class SentenceTransformerEncoder(TransformerEncoder):
    """Encoder on any sentence-transformers model."""

    def __init__(self, model: "SentenceTransformer", identity: Identity) -> None:
        self._model = model
        self._tokenising = threading.Lock()  # transformers' tokenizers change their truncation during calls
        super().__init__(identity, about(model), len(model.tokenizer("")["input_ids"]))

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        with self._tokenising:
            encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        ids: list[list[int]] = encoded["input_ids"]
        return ids

    def _vectors(self, texts: list[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in _batches(texts):
            vectors[batch] = self._forward(self._features([texts[row] for row in batch]), "sentence_embedding")
        return vectors

    def _pooled(self, texts: list[str], pool: Callable[[int, Vectors, Offsets], Result]) -> list[Result]:
        results: dict[int, Result] = {}
        for batch in _batches(texts):
            features = self._features([texts[row] for row in batch], return_offsets_mapping=True)
            offsets, masks = features.pop("offset_mapping").numpy(), features["attention_mask"].numpy() > 0
            states = self._forward(features, "token_embeddings")
            for line, row in enumerate(batch):
                results[row] = pool(row, states[line][masks[line]], offsets[line][masks[line]])
        return [results[row] for row in range(len(texts))]

    def _features(self, texts: list[str], **options: bool) -> dict[str, Any]:
        """The model's inputs: PyTorch tensors by name."""
        with self._tokenising:
            return dict(
                self._model.tokenizer(
                    texts, padding=True, truncation=True, max_length=self._about.reads, return_tensors="pt", **options
                )
            )

    def _forward(self, features: dict[str, Any], output: str) -> Vectors:
        import torch

        with torch.inference_mode():
            outputs = self._model({name: tensor.to(self._model.device) for name, tensor in features.items()})
        vectors: Vectors = outputs[output].float().cpu().numpy()
        return vectors


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Batches of rows of similar length, longest first."""
    longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
    return (longest_first[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
