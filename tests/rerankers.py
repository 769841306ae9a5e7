"""Rerankers of which every score is known: one that a test writes down, and tiny CrossEncoders made here."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.arrays import Scores

_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] ivy soil".split()
WITH_IVY, WITHOUT_IVY = 5 * math.tanh(math.sqrt(2)) - 2, -2.0


class Opinion:
    """An index.reranker.Reranker that scores by a function of the text, and keeps what it was asked."""

    def __init__(self, score: Callable[[str], float], name: str = "opinion") -> None:
        self.name = name
        self.asked: list[tuple[str, list[str]]] = []
        self._score = score

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.asked.append((question, list(texts)))
        return np.array([self._score(text) for text in texts], np.float32)


def ivy_model(folder: Path, *, labels: int = 1, weight: float = 5, bias: float = -2) -> Path:
    """A CrossEncoder of one layer that says `WITH_IVY` where it reads the word "ivy", else `WITHOUT_IVY`.

    Every token but "ivy" is the zero vector, and the first token takes the mean of all; layers
    normalise that to the direction of "ivy", of which the head reads one number. It reads 40 tokens.
    """
    import torch  # slow to import, as are transformers: most users need `Opinion` alone
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    config = BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=4,
        intermediate_size=4,
        num_hidden_layers=1,
        num_attention_heads=1,
        max_position_embeddings=40,
    )
    config.num_labels = labels
    model = BertForSequenceClassification(config)
    values = dict(model.named_parameters())
    attention = "bert.encoder.layer.0.attention"
    with torch.no_grad():
        for name, value in values.items():
            value.fill_(1.0 if "LayerNorm.weight" in name else 0.0)
        for passing in (f"{attention}.self.value", f"{attention}.output.dense", "bert.pooler.dense"):
            values[f"{passing}.weight"].copy_(torch.eye(4))
        ivy = torch.tensor([1.0, -1.0, 0.0, 0.0])
        values["bert.embeddings.word_embeddings.weight"][_WORDS.index("ivy")] = ivy
        values["classifier.weight"][:, 0] = weight
        values["classifier.bias"].fill_(bias)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(_WORDS), "utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
