"""Texts to unit vectors. Passages and their sentences come from one forward pass."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import BadModel, ForeignIndex
from index.manifest import REBUILD
from index.models import Identity, identify, model_folder
from index.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors: TypeAlias = npt.NDArray[np.float32]
SentenceVectors: TypeAlias = npt.NDArray[np.float16]  # of a sentence only its nearness to a question is wanted
Part: TypeAlias = tuple[Span, float]  # of a text's tokens: where it stands, and what it adds to the cosine

_FALLBACK_MAX_TOKENS = 512
_LEAST_LENGTH = 1e-12  # of a vector that is made a unit vector
_LEAST_TOKENS = 16  # of a passage that must be left beside its prefix


class Encoder(Protocol):
    """What the index needs of a model. All vectors are float32 rows of length 1."""

    @property
    def dimension(self) -> int:
        """Width of the vectors."""

    @property
    def max_tokens(self) -> int:
        """Most tokens of a passage that are read; what comes after them would be lost."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, markers of beginning and end not counted."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question: shape (len(texts), dimension)."""

    def known(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens that the model's vocabulary has, in [0, 1]; 1 of no tokens."""

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """One vector a passage, shape (len(texts), dimension), and one a sentence, in order.

        `sentences` holds, for each text, spans of it.
        """

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """What each token of a passage adds to its cosine with a question's vector; they sum to it.

        Tokens in order, each with its span of the text; that of a marker or of the prefix lies
        before the text or is empty. None where the model's vector is no mean of its tokens.
        """


LoadEncoder: TypeAlias = Callable[[Identity], Encoder]


def load_encoder(identity: Identity) -> Encoder:
    """The encoder with exactly this identity, on the CPU or a GPU as sentence-transformers chooses.

    Raises ForeignIndex where the weights found under the model's name are others than the identity's.
    """
    found = identify(identity.model, identity.question_prefix, identity.passage_prefix)
    if found.weights != identity.weights:
        raise ForeignIndex(
            f"the index was built with {identity.model} of sha256 {identity.weights[:12]}…, "
            f"but the weights here have {found.weights[:12]}…. {REBUILD}"
        )
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
    folder = model_folder(identity.model)
    try:
        model = SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise BadModel(f"{folder} does not load as a sentence-transformers model: {reason}. Fetch it again") from error
    return SentenceTransformerEncoder(model, identity)


def encode_on_one_thread() -> None:
    """From now on this process encodes on one thread: right for questions, slow for whole collections.

    Questions asked at once then share the cores instead of fighting over them.
    """
    import torch

    torch.set_num_threads(1)


class SentenceTransformerEncoder:
    """An Encoder made of any sentence-transformers model.

    Where the model's vector is the mean of its token states, a sentence's vector is the mean of
    the sentence's own token states in its passage; for any other model sentences are encoded alone.
    """

    def __init__(self, model: "SentenceTransformer", identity: Identity) -> None:
        self._model = model
        self._identity = identity
        self._reads = model.max_seq_length or _FALLBACK_MAX_TOKENS
        self._pools_sentences = _is_mean_pooled(model) and bool(model.tokenizer.is_fast)
        markers = len(model.tokenizer("")["input_ids"])
        self.max_tokens = self._reads - markers - self.count_tokens([identity.passage_prefix])[0]
        if self.max_tokens < _LEAST_TOKENS:
            raise BadModel(
                f"the passage prefix {identity.passage_prefix[:40]!r} leaves {self.max_tokens} of the "
                f"{self._reads} tokens that {identity.model} reads. Give a shorter --passage-prefix"
            )
        self.dimension = int(model.get_embedding_dimension() or 0)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, markers of beginning and end not counted."""
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a question: shape (len(texts), dimension)."""
        return self._encode([self._identity.question_prefix + text for text in texts])

    def known(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens that the model's vocabulary has, in [0, 1]; 1 of no tokens."""
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        unknown = self._model.tokenizer.unk_token_id
        return [1 - ids.count(unknown) / len(ids) if ids else 1.0 for ids in encoded["input_ids"]]

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Unit vectors of the passages and of all their sentences, in order."""
        prefix = self._identity.passage_prefix
        prefixed = [prefix + text for text in texts]
        if not self._pools_sentences:
            alone = [prefix + text[a:b] for text, spans in zip(texts, sentences, strict=True) for a, b in spans]
            return self._encode(prefixed), self._encode(alone)
        return self._pooled(prefixed, sentences, len(prefix))

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """What each token adds to the cosine: `h · q / (n |mean h|)` of its state h among n."""
        if not self._pools_sentences:
            return None
        prefix = self._identity.passage_prefix
        offsets, states, _ = self._states([prefix + text], len(prefix))
        own = states[0].astype(np.float64)
        length = max(float(np.linalg.norm(own.mean(axis=0))), _LEAST_LENGTH)
        added = own @ question.astype(np.float64) / (len(own) * length)
        return [((int(start), int(end)), float(part)) for (start, end), part in zip(offsets[0], added, strict=True)]

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(texts, convert_to_numpy=True, show_progress_bar=False, prompt="")
        return _unit(np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension))

    def _pooled(self, texts: list[str], sentences: Sequence[Sequence[Span]], shift: int) -> tuple[Vectors, Vectors]:
        offsets, states, whole = self._states(texts, shift)
        parts = [
            _mean(states[row], offsets[row], span, whole[row]) for row, spans in enumerate(sentences) for span in spans
        ]
        pooled = np.stack(parts) if parts else np.empty((0, self.dimension), np.float32)
        return _unit(whole), _unit(pooled)

    def _states(self, texts: list[str], shift: int) -> tuple[npt.NDArray[np.int64], Vectors, Vectors]:
        """Of each text where its tokens stand, less `shift`, their states, and the text's vector."""
        import torch

        features = dict(
            self._model.tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=self._reads,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        )
        offsets = features.pop("offset_mapping").numpy() - shift
        with torch.inference_mode():
            out = self._model({name: tensor.to(self._model.device) for name, tensor in features.items()})
        whole: Vectors = out["sentence_embedding"].float().cpu().numpy()
        states: Vectors = out["token_embeddings"].float().cpu().numpy()
        return offsets, states, whole


def _mean(states: Vectors, offsets: npt.NDArray[np.int64], span: Span, fallback: Vectors) -> Vectors:
    """Mean of the token states inside `span`; the passage's vector where no token lies in it."""
    inside = (offsets[:, 0] >= span[0]) & (offsets[:, 1] <= span[1]) & (offsets[:, 1] > offsets[:, 0])
    return states[inside].mean(axis=0, dtype=np.float32) if inside.any() else fallback


def _is_mean_pooled(model: "SentenceTransformer") -> bool:
    names = [type(module).__name__ for module in model]
    return names in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) and (
        getattr(model[1], "pooling_mode", None) == "mean" and getattr(model[1], "include_prompt", False)
    )


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(norms, _LEAST_LENGTH), dtype=np.float32)
