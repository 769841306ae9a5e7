"""Whether the best passages answer, or the articles do not say."""

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from index.errors import UserError
from index.hits import Hit
from index.models import Identity

_FILE = "calibration.json"
_FORMAT = 1
_NOTHING = -100.0
LOOKED_AT = 5  # hits, one of which should hold all the names
_log = logging.getLogger(__name__)


class NotKept(UserError):
    """A calibration cannot be written."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision is made of: the first hit's best cosine, word coverage and contrast, and how
    rare a name the best of the first hits still lacks."""

    sentence: float
    coverage: float
    contrast: float
    missing: float


FEATURES = tuple(each.name for each in fields(Features))


@dataclass(frozen=True, slots=True)
class Rule:
    """A logistic rule: the articles answer where `bias` and the weighted features add up to 0 or more."""

    bias: float
    sentence: float
    coverage: float
    contrast: float
    missing: float

    def support(self, hits: Sequence[Hit]) -> float:
        """How far the hits are above what an answer needs, in log-odds; -100 without any."""
        if not hits:
            return _NOTHING
        return self.weighed(features(hits))

    def weighed(self, found: Features) -> float:
        """The same of the features."""
        return self.bias + sum(float(getattr(self, name) * getattr(found, name)) for name in FEATURES)


# Printed by `python -m eval calibrate --default` for the project's own questions and two public sets
# (SQuAD 2, MTRAG), each answerable question asked once more with its article hidden.
DEFAULT = Rule(bias=-1.923, sentence=4.257, coverage=0.174, contrast=9.715, missing=-1.774)


def features(hits: Sequence[Hit]) -> Features:
    """The features of an answer's hits, of which there must be one."""
    first = hits[0].signals
    missing = min(hit.signals.missing for hit in hits[:LOOKED_AT])
    return Features(first.sentence, first.coverage, first.contrast, missing)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rule fitted to one collection, what it was fitted on, and how well it does, cross-validated.

    `curve` has pairs of shares: answerable questions refused, and unanswerable ones refused then.
    """

    rule: Rule
    date: str
    answerable: int
    unanswerable: int
    hidden: int
    auroc: float
    curve: tuple[tuple[float, float], ...] = field(default=())


def write_calibration(root: Path, identity: Identity, calibration: Calibration) -> Path:
    """Keep a calibration beside the builds of an index, where later builds of the same encoder find it.

    Raises NotKept where it cannot be written.
    """
    path = root / _FILE
    record = {"format": _FORMAT, "encoder": asdict(identity), **asdict(calibration)}
    fresh = path.with_suffix(".new")
    try:
        fresh.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise NotKept(f"{path} cannot be written: {error.strerror}. Mend that, or choose another --index") from error
    return path


def read_calibration(root: Path, identity: Identity) -> Calibration | None:
    """The calibration that was made of this encoder's signals; None where there is none.

    One of another encoder is no help and one that cannot be read no reason to be silent: either is
    logged, and the default rule decides.
    """
    path = root / _FILE
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text("utf-8"))
        if record["format"] != _FORMAT or record["encoder"] != asdict(identity):
            _log.warning("%s is of another encoder or format. Make it anew: python -m eval calibrate", path)
            return None
        return _calibration(record)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        _log.warning("%s cannot be read (%s). Make it anew: python -m eval calibrate", path, error)
        return None


def rule_of(root: Path, identity: Identity) -> Rule:
    """The rule that was fitted to this index and encoder, else the default one."""
    kept = read_calibration(root, identity)
    return kept.rule if kept else DEFAULT


def calibration_stamp(root: Path) -> int:
    """What changes whenever a calibration is written; 0 without one."""
    try:
        return (root / _FILE).stat().st_mtime_ns
    except OSError:
        return 0


def _calibration(record: Mapping[str, Any]) -> Calibration:
    rule = Rule(**{name: float(record["rule"][name]) for name in ("bias", *FEATURES)})
    if not all(math.isfinite(getattr(rule, name)) for name in ("bias", *FEATURES)):
        raise ValueError("its rule holds no numbers")
    return Calibration(
        rule=rule,
        date=str(record["date"]),
        answerable=int(record["answerable"]),
        unanswerable=int(record["unanswerable"]),
        hidden=int(record["hidden"]),
        auroc=float(record["auroc"]),
        curve=tuple((float(wrong), float(right)) for wrong, right in record["curve"]),
    )
