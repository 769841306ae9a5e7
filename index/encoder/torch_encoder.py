"""Encoder on sentence-transformers: the reference for exports, and the fallback for models that cannot be exported."""

import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays import Offsets, Vectors
from index.encoder.model_files import Identity, identify, model_folder
from index.encoder.openvino_encoder import token_limit
from index.encoder.pooling import Part, cosine_parts, sentence_means, unit
from index.errors import REBUILD, BadModel, ForeignIndex
from index.passages.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_FALLBACK_MAX_TOKENS = 512
_BATCH = 16
_threads: list[int] = []  # the last entry counts


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

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
    try:
        model = SentenceTransformer(folder, local_files_only=True, device=device)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise BadModel(f"{folder} does not load as a sentence-transformers model: {reason}. Fetch it again") from error
    if _threads:
        encode_on(_threads[-1])
    return model


def encode_on(threads: int) -> None:
    """Set the number of threads of sentence-transformers in this process from now on."""
    _threads.append(threads)
    if "torch" in sys.modules:  # else the first model to be loaded sets it
        sys.modules["torch"].set_num_threads(threads)


def token_limit_of(model: "SentenceTransformer") -> int:
    """The token limit of the model, special tokens included."""
    return model.max_seq_length or _FALLBACK_MAX_TOKENS


def pools_sentences(model: "SentenceTransformer") -> bool:
    """Whether the model's vector is the mean of its token states, so that sentences can be pooled from them."""
    names = [type(module).__name__ for module in model]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    is_mean = getattr(model[1], "pooling_mode", None) == "mean" and getattr(model[1], "include_prompt", False)
    return is_mean and bool(model.tokenizer.is_fast)


class SentenceTransformerEncoder:
    """Encoder on any sentence-transformers model.

    If the model's vector is the mean of its token states, a sentence's vector is the mean of its
    token states within the passage; for other models sentences are encoded alone.
    """

    def __init__(self, model: "SentenceTransformer", identity: Identity) -> None:
        self._model = model
        self._identity = identity
        self._tokenising = threading.Lock()  # transformers' tokenizers change their truncation during calls
        self._reads = token_limit_of(model)
        self._pools_sentences = pools_sentences(model)
        markers = len(model.tokenizer("")["input_ids"])
        self.max_tokens = token_limit(self._reads, markers + self.count_tokens([identity.passage_prefix])[0], identity)
        self.dimension = int(model.get_embedding_dimension() or 0)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""
        return [len(ids) for ids in self._whole(texts)]

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens in the model's vocabulary, in [0, 1]; 1 for a text without tokens."""
        unknown = self._model.tokenizer.unk_token_id
        return [1 - ids.count(unknown) / len(ids) if ids else 1.0 for ids in self._whole(texts)]

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a question: shape (len(texts), dimension)."""
        return self._encode([self._identity.question_prefix + text for text in texts])

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Unit vectors of the passages and of all their sentences, in order."""
        prefix = self._identity.passage_prefix
        prefixed = [prefix + text for text in texts]
        if not self._pools_sentences:
            alone = [prefix + text[a:b] for text, spans in zip(texts, sentences, strict=True) for a, b in spans]
            return self._encode(prefixed), self._encode(alone)
        whole = np.empty((len(texts), self.dimension), np.float32)
        parts: list[list[Vectors]] = [[]] * len(texts)
        for batch in _batches(texts):
            offsets, states, vectors = self._states([prefixed[row] for row in batch], len(prefix))
            for line, row in enumerate(batch):
                whole[row] = vectors[line]
                parts[row] = sentence_means(states[line], offsets[line], sentences[row], whole[row])
        pooled = [vector for means in parts for vector in means]
        return unit(whole), unit(np.stack(pooled)) if pooled else np.empty((0, self.dimension), np.float32)

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """The contribution of each token of a passage to its cosine with a question; they sum to the cosine."""
        if not self._pools_sentences:
            return None
        prefix = self._identity.passage_prefix
        offsets, states, _ = self._states([prefix + text], len(prefix))
        return cosine_parts(states[0], offsets[0], question)

    def _whole(self, texts: Sequence[str]) -> list[list[int]]:
        """All tokens of each text, without special tokens."""
        with self._tokenising:
            encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        ids: list[list[int]] = encoded["input_ids"]
        return ids

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in _batches(texts):
            vectors[batch] = self._forward(self._features([texts[row] for row in batch]))["sentence_embedding"]
        return unit(vectors)

    def _states(self, texts: list[str], shift: int) -> tuple[Offsets, Vectors, Vectors]:
        """The token offsets (less `shift`), token states and vector of each text."""
        features = self._features(texts, return_offsets_mapping=True)
        offsets = features.pop("offset_mapping").numpy() - shift
        outputs = self._forward(features)
        return offsets, outputs["token_embeddings"], outputs["sentence_embedding"]

    def _features(self, texts: list[str], **options: bool) -> dict[str, Any]:
        """The model's inputs: PyTorch tensors by name."""
        with self._tokenising:
            return dict(
                self._model.tokenizer(
                    texts, padding=True, truncation=True, max_length=self._reads, return_tensors="pt", **options
                )
            )

    def _forward(self, features: dict[str, Any]) -> dict[str, Vectors]:
        import torch

        with torch.inference_mode():
            out = self._model({name: tensor.to(self._model.device) for name, tensor in features.items()})
        names = ("sentence_embedding", "token_embeddings")
        return {name: out[name].float().cpu().numpy() for name in names if name in out}


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Batches of rows of similar length, longest first."""
    longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
    return (longest_first[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
