"""Texts to unit vectors. Passages and their sentences come from one forward pass."""

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from index.arrays import Vectors
from index.encoder.export_cache import NotExported, exported_encoder, tell_once
from index.encoder.model_files import Identity
from index.encoder.pooling import Part
from index.encoder.torch_encoder import encode_on, load_reference
from index.passages.sentences import Span

_GPUS = (Path("/dev/nvidiactl"), Path("/dev/kfd"))


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
    """The encoder with exactly this identity: on a GPU by sentence-transformers, on the CPU by OpenVINO.

    What cannot be exported for OpenVINO is run by sentence-transformers there, too, which the log
    says once. Raises BadModel, and ForeignIndex where no export of the identity's weights is kept and
    those found under the model's name are others.
    """
    if _has_gpu():
        tell_once(f"{identity.model} is run by sentence-transformers, on the GPU")
        return load_reference(identity)
    try:
        return exported_encoder(identity)
    except NotExported as error:
        tell_once(f"{identity.model} is run by sentence-transformers, several times slower: {error}")
        return load_reference(identity)


def _has_gpu() -> bool:
    """Whether there is a GPU that torch can use; torch is asked only where there is one at all."""
    if not any(device.exists() for device in _GPUS):
        return False
    spec = importlib.util.find_spec("torch")  # which imports nothing
    places = spec.submodule_search_locations if spec else None
    if not places or not any(Path(places[0], "lib", f"libtorch_{kind}.so").exists() for kind in ("cuda", "hip")):
        return False
    import torch

    return torch.cuda.is_available()


def encode_on_one_thread() -> None:
    """From now on sentence-transformers, where it runs, encodes on one thread.

    Right for questions, slow for whole collections: questions asked at once then share the cores
    instead of fighting over them. Exported models see to that by themselves.
    """
    encode_on(1)
