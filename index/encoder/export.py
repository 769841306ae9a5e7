"""Export of a sentence-transformers model to OpenVINO; a separate command, so that other processes never load torch.

`python -m index.encoder.export FOLDER TARGET` fills the new folder TARGET and compares the vectors of the export
with the model's own. The exit code is 3 if the model cannot be exported, and 4 if its files do not load; the last
line of stdout gives the reason. It ends when its standard input does.
"""

import json
import os
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays import Vectors
from index.encoder.model_files import Identity
from index.encoder.openvino_encoder import ABOUT, NETWORK, TOKENIZER, ExportedEncoder
from index.encoder.openvino_runtime import openvino
from index.encoder.torch_encoder import SentenceTransformerEncoder, about, load_model, pools_sentences
from index.errors import BadModel, first_line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

UNSUPPORTED, BAD = 3, 4  # exit codes
_LEAST_COSINE = 0.9995  # between a vector of the export and one of the model
_SAMPLES = (
    "Bees?",
    "The probe brought 1,935.3 grams of lunar soil home. It was dry.",
    "2025年研发经费投入强度是多少？",
    "One plan follows another, and each names its share of the budget. " * 9,
    "Longer than any model reads. " * 400,
)


class Unsupported(Exception):
    """The model cannot be exported; the message says why."""


def export(folder: Path, target: Path) -> None:
    """Write the model of `folder` into the new folder `target`. Raises BadModel, Unsupported or OSError."""
    model = load_model(str(folder), "cpu")
    if not getattr(model.tokenizer, "is_fast", False):
        raise Unsupported("its tokenizer is not a fast one")
    try:
        network = _network(model)
    except (RuntimeError, TypeError, ValueError, LookupError, AttributeError, AssertionError) as error:
        raise Unsupported(f"it cannot be traced ({first_line(error)})") from error
    target.mkdir()
    openvino().save_model(network, str(target / NETWORK), compress_to_fp16=False)
    model.tokenizer.backend_tokenizer.save(str(target / TOKENIZER))
    (target / ABOUT).write_text(json.dumps({"model": asdict(about(model))}), "utf-8")
    plain = Identity("the model", "")
    try:
        _compare(SentenceTransformerEncoder(model, plain), ExportedEncoder(target, plain))
    except RuntimeError as error:
        raise Unsupported(f"OpenVINO does not run it ({first_line(error)})") from error


def _network(model: "SentenceTransformer") -> Any:
    """The model as a graph from token ids and mask to token states, or to its vector if it does not pool by mean."""
    import torch
    from openvino._offline_transformations import apply_moc_transformations
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    output = "token_embeddings" if pools_sentences(model) else "sentence_embedding"

    class Traced(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.model({"input_ids": ids, "attention_mask": mask})[output]
            return states

    sample = model.tokenizer(list(_SAMPLES[:2]), padding=True, return_tensors="pt")
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations, and values that become constants in a trace
        decoder = TorchScriptPythonDecoder(
            Traced().eval(), example_input=(sample["input_ids"], sample["attention_mask"])
        )
        frontend = FrontEndManager().load_by_framework("pytorch")
        network = frontend.convert(frontend.load(decoder))
    apply_moc_transformations(network, cf=True)  # done once here, else half of the nodes are folded at every start
    return network


def _compare(reference: SentenceTransformerEncoder, exported: ExportedEncoder) -> None:
    """Raise Unsupported unless both encoders give the same vectors, alone and in batches."""
    spans = [[(0, len(text)), (0, len(text) // 2)] for text in _SAMPLES]
    calls: list[Callable[[Any], Vectors]] = [
        lambda encoder: np.concatenate([encoder.questions([text]) for text in _SAMPLES]),
        lambda encoder: encoder.questions(_SAMPLES),
        lambda encoder: np.concatenate(encoder.passages(_SAMPLES, spans)),
    ]
    for call in calls:
        cosines = np.sum(call(reference) * call(exported), axis=1)
        if not cosines.min() >= _LEAST_COSINE:  # also for NaN
            raise Unsupported(f"the exported model gives other vectors (cosine {cosines.min():.4f})")


def main() -> int:
    """Export the model that the arguments name; returns the exit code."""
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except (Unsupported, BadModel) as error:
        sys.stdout.write(f"{error}\n")
        return BAD if isinstance(error, BadModel) else UNSUPPORTED
    return 0


def _end_with_parent() -> None:
    """End this process when its standard input closes, as nobody waits for the export then."""
    while os.read(0, 1):
        pass
    os._exit(BAD)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main())
