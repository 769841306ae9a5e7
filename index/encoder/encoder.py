"""Encoder: texts to unit vectors; passages and their sentences from one forward pass."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from index.arrays import Vectors
from index.encoder.export_cache import NotExported, exported_encoder, warn_once
from index.encoder.model_files import Identity
from index.encoder.multilingual import package_folder
from index.encoder.pooling import Part
from index.encoder.torch_encoder import load_reference
from index.passages.sentences import Span

_GPUS = (Path("/dev/nvidiactl"), Path("/dev/kfd"))


class Encoder(Protocol):
    """The protocol of an encoder. All vectors are float32 rows of length 1."""

    @property
    def dimension(self) -> int:
        """The width of the vectors."""

    @property
    def max_tokens(self) -> int:
        """The token limit of a passage; further tokens are not read."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question: shape (len(texts), dimension)."""

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens in the model's vocabulary, in [0, 1]; 1 for a text without tokens."""

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """One vector a passage, shape (len(texts), dimension), and one a sentence, in order.

        `sentences` holds, for each text, spans of it.
        """

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """The contribution of each token of a passage to its cosine with a question; they sum to the cosine.

        Tokens in order, each with its span of the text; the span of a special token or of the prefix is
        before the text or empty. None if the model's vector is not the mean of its token states.
        """


LoadEncoder: TypeAlias = Callable[[Identity], Encoder]


def load_encoder(identity: Identity) -> Encoder:
    """The encoder with exactly this identity: sentence-transformers on a GPU, OpenVINO on the CPU.

    Models that cannot be exported for OpenVINO run on sentence-transformers on the CPU, too, with a
    warning in the log. Raises BadModel, and ForeignIndex if there is no export of the identity's weights
    and the weights found under the model's name differ.
    """
    if _has_gpu():
        warn_once(f"{identity.model} runs on sentence-transformers, on the GPU")
        return load_reference(identity)
    try:
        return exported_encoder(identity)
    except NotExported as error:
        warn_once(f"{identity.model} runs on sentence-transformers, several times slower: {error}")
        return load_reference(identity)


def _has_gpu() -> bool:
    """Whether torch can use a GPU; torch is imported only if the machine has one."""
    if not any(device.exists() for device in _GPUS):
        return False
    folder = package_folder("torch")
    if not folder or not any((folder / f"lib/libtorch_{kind}.so").exists() for kind in ("cuda", "hip")):
        return False
    import torch

    return torch.cuda.is_available()
