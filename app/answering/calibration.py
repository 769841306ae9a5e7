"""A rule fitted to one collection, kept as a note beside its index."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.answering.decision import DEFAULT, FEATURES, ReadRule, Rule
from index.encoder.model_files import Identity
from index.errors import UserError
from index.stores.certificate import Certificate, certificate_of
from index.stores.notes import CALIBRATION, Notes

_FORMAT = 1
_log = logging.getLogger(__name__)


class NotKept(UserError):
    """A calibration cannot be written."""


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
    certificate: Certificate | None = None


def write_calibration(notes: Notes, identity: Identity, calibration: Calibration) -> str:
    """Keep a calibration beside the content of an index, where later builds of the same encoder find it.

    What it is called there. Raises NotKept where it cannot be written, and Unavailable.
    """
    record = {"format": _FORMAT, "encoder": asdict(identity), **asdict(calibration)}
    try:
        notes.write_note(CALIBRATION, json.dumps(record, indent=1) + "\n")
    except OSError as error:
        raise NotKept(
            f"{notes}/{CALIBRATION} cannot be written: {error.strerror}. Mend that, or choose another --index"
        ) from error
    return f"{notes}/{CALIBRATION}"


def read_calibration(notes: Notes, identity: Identity) -> Calibration | None:
    """The calibration that was made of this encoder's signals; None where there is none.

    One of another encoder is no help and one that cannot be read no reason to be silent: either is
    logged, and the default rule decides.
    """
    called = f"{notes}/{CALIBRATION}"
    try:
        content = notes.read_note(CALIBRATION)
        if content is None:
            return None
        record = json.loads(content)
        if record["format"] != _FORMAT or record["encoder"] != asdict(identity):
            _log.warning("%s is of another encoder or format. Make it anew: python -m eval calibrate", called)
            return None
        return _calibration(record)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        _log.warning("%s cannot be read (%s). Make it anew: python -m eval calibrate", called, error)
        return None


def rule_of(notes: Notes, identity: Identity) -> Rule:
    """The rule that was fitted to this index and encoder, else the default one."""
    kept = read_calibration(notes, identity)
    return kept.rule if kept else DEFAULT


def calibration_stamp(notes: Notes) -> int:
    """A number that changes whenever a calibration is written; 0 without a calibration."""
    return notes.note_stamp(CALIBRATION)


def _numbers(record: Mapping[str, Any], *names: str) -> list[float]:
    """The numbers of these names; raises ValueError for one that is none."""
    numbers = [float(record[name]) for name in names]
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("its rule holds no numbers")
    return numbers


def _calibration(record: Mapping[str, Any]) -> Calibration:
    numbers = {"contrast": 0.0, "related": 0.0, **record["rule"]}  # those of a former version have neither
    first = _numbers(numbers, "bias", *FEATURES, "related")
    step = numbers.get("read")
    read = ReadRule(*_numbers(step, "bias", "found", "relevance", "related")) if step else None
    bias, sentence, coverage, missing, contrast, related = first
    rule = Rule(bias, sentence, coverage, missing, contrast, related, read)
    return Calibration(
        rule=rule,
        date=str(record["date"]),
        answerable=int(record["answerable"]),
        unanswerable=int(record["unanswerable"]),
        hidden=int(record["hidden"]),
        auroc=float(record["auroc"]),
        curve=tuple((float(wrong), float(right)) for wrong, right in record["curve"]),
        certificate=certificate_of(record.get("certificate")),
    )
