"""Tiny sentence-transformers models, made here."""

import json
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] lunar soil is dry a probe brought some of it home bees fly passage : ."


def tiny_encoders(folder: Path) -> Path:
    """The folder with models of 2 layers and fixed weights, which read 40 tokens: `cls` and `mean` pool so.

    `dense` pools by mean, widens its vector from 16 to 24 numbers and normalises it, as mdbr-leaf-ir does.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    (folder / "vocab.txt").write_text("\n".join(_WORDS.split()), "utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=21,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=40,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    for pooling in ("cls", "mean"):
        modules = [Transformer(str(folder / "bert")), Pooling(16, pooling_mode=pooling)]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder / pooling))
    modules = [*modules, Dense(16, 24, activation_function=torch.nn.Tanh()), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "dense"))
    return folder


def odd_encoders(folder: Path) -> Path:
    """The folder with `mean` as above and two like it that only sentence-transformers can run.

    `recurrent` cannot be traced; `left` has its padding before the text, so that a text's vector changes with what
    it is encoded beside.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import LSTM, Pooling, Transformer

    tiny_encoders(folder)
    modules = [Transformer(str(folder / "bert")), LSTM(16, 8), Pooling(16, pooling_mode="mean")]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "recurrent"))
    left = SentenceTransformer(str(folder / "mean"), device="cpu")
    bert: Any = left[0]
    bert.model.embeddings.position_embeddings.weight.data *= 50  # so that it counts where a text stands
    left.save(str(folder / "left"))
    settings = folder / "left" / "tokenizer_config.json"
    told = {**json.loads(settings.read_text("utf-8")), "padding_side": "left"}
    settings.write_text(json.dumps(told), "utf-8")
    return folder


def exported_here(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m index.encoder.export FOLDER TARGET` in this process; returns what it says."""
    from index.encoder.export import main

    with redirect_stdout(StringIO()) as said, patch.object(sys, "argv", command[-3:]):
        code = main()
    return subprocess.CompletedProcess(command, code, said.getvalue(), "")
