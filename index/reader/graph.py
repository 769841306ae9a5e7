"""The reader's network as an OpenVINO graph, made from its weights."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder.openvino_runtime import openvino
from index.reader.reader_file import SCALE, Arrays

_EPSILON = 1e-12
_HEAD_WIDTH = 32


def graph(arrays: Arrays) -> Any:
    """The network (BERT, Devlin et al. 2019) as an OpenVINO model; raises KeyError if a weight is missing.

    Matrices of the layers stay 8-bit integers with a scale a row, which the runtime can multiply as such.

    Inputs: embeddings of the tokens, float32 of shape (n, tokens, width), and a mask, float32 of shape
    (n, 1, 1, tokens): 0 for a token, a large negative number for padding. Outputs: relevance, shape (n, 1), of the
    first token, and span, shape (n, tokens, 2), the logits of each token to begin and to end an answer.
    """
    return _Graph(arrays).model()


class _Graph:
    def __init__(self, arrays: Arrays) -> None:
        openvino()  # without its telemetry
        from openvino import opset13

        self._ops: Any = opset13
        self._arrays = arrays
        self._layers = len({name.split(".")[2] for name in arrays if name.startswith("encoder.layer.")})

    def model(self) -> Any:
        ops, width = self._ops, len(self._arrays["embeddings.LayerNorm.weight"])
        embeddings = ops.parameter([-1, -1, width], np.float32, name="embeddings")
        mask = ops.parameter([-1, 1, 1, -1], np.float32, name="mask")
        states = self._normalised(embeddings, "embeddings.LayerNorm")
        for layer in range(self._layers):
            states = self._layer(states, mask, f"encoder.layer.{layer}", width)
        first = ops.gather(states, np.int64(0), np.int64(1))
        outputs = [self._linear(first, "relevance"), self._linear(states, "span")]
        return openvino().Model([ops.result(each) for each in outputs], [embeddings, mask], "reader")

    def _layer(self, states: Any, mask: Any, name: str, width: int) -> Any:
        ops = self._ops
        query, key, value = (
            self._heads(self._linear(states, f"{name}.attention.self.{part}"), width)
            for part in ("query", "key", "value")
        )
        scale = np.float32(1 / math.sqrt(_HEAD_WIDTH))
        mixed = ops.scaled_dot_product_attention(query, key, value, mask, ops.constant(scale))
        joined = ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), [0, 0, width], special_zero=True)
        attended = ops.add(states, self._linear(joined, f"{name}.attention.output.dense"))
        states = self._normalised(attended, f"{name}.attention.output.LayerNorm")
        inner = ops.gelu(self._linear(states, f"{name}.intermediate.dense"), "erf")
        return self._normalised(
            ops.add(states, self._linear(inner, f"{name}.output.dense")), f"{name}.output.LayerNorm"
        )

    def _heads(self, states: Any, width: int) -> Any:
        shape = [0, 0, width // _HEAD_WIDTH, _HEAD_WIDTH]
        return self._ops.transpose(self._ops.reshape(states, shape, special_zero=True), [0, 2, 1, 3])

    def _linear(self, states: Any, name: str) -> Any:
        product = self._ops.matmul(states, self._matrix(f"{name}.weight"), transpose_a=False, transpose_b=True)
        return self._ops.add(product, self._constant(self._arrays[f"{name}.bias"]))

    def _matrix(self, name: str) -> Any:
        ops, matrix = self._ops, self._constant(self._arrays[name])
        if name + SCALE not in self._arrays:
            return matrix
        return ops.multiply(ops.convert(matrix, np.float32), self._constant(self._arrays[name + SCALE][:, None]))

    def _normalised(self, states: Any, name: str) -> Any:
        """Layer normalisation (Ba et al. 2016)."""
        ops, scale, shift = self._ops, self._arrays[f"{name}.weight"], self._arrays[f"{name}.bias"]
        even = ops.mvn(states, [-1], normalize_variance=True, eps=_EPSILON, eps_mode="INSIDE_SQRT")
        return ops.add(ops.multiply(even, self._constant(scale)), self._constant(shift))

    def _constant(self, array: npt.NDArray[Any]) -> Any:
        return self._ops.constant(np.ascontiguousarray(array))
