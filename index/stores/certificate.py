"""The certificate of a calibration: how many answers on the owner's questions were wrong, while the articles stay."""

import hashlib
import heapq
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.articles.catalogue import Catalogue
from index.encoder.model_files import Identity
from index.stores.notes import CALIBRATION, Notes

MOST_CHANGED = 0.1  # share of the articles from which on a certificate is withdrawn
_FINGERPRINTS = 1_000  # articles that stand for all: a share of a tenth is then known to within two hundredths
_ID = 10  # hex digits of a fingerprint that tell the article; the others tell its content


@dataclass(frozen=True, slots=True)
class Certificate:
    """The number of `answers`, of `wrong` answers, and the share that is wrong `at_most` with 95 % confidence.

    `articles` are the fingerprints of the collection.
    """

    answers: int
    wrong: int
    at_most: float
    articles: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The certificate as a sentence."""
        were = "was" if self.wrong == 1 else "were"
        return (
            f"Of {self.answers:,} answers on your questions {self.wrong:,} {were} wrong: "
            f"with 95 % confidence at most {100 * self.at_most:.1f} % are"
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate and the share of the articles that have changed since."""

    certificate: Certificate
    changed: float

    @property
    def withdrawn(self) -> bool:
        """Whether too many articles have changed for the certificate to hold."""
        return self.changed > MOST_CHANGED

    def __str__(self) -> str:
        """The certificate as a sentence, or that it is withdrawn."""
        if not self.withdrawn:
            return str(self.certificate)
        share = f"{100 * self.changed:.0f} %"
        return f"withdrawn: {share} of the articles have changed. Make it anew: python -m eval calibrate"

    def to_json(self) -> dict[str, Any]:
        """The certificate as `index info --json` and `/healthz` give it."""
        fields = {name: value for name, value in asdict(self.certificate).items() if name != "articles"}
        return {**fields, "changed": round(self.changed, 4), "withdrawn": self.withdrawn}


def fingerprints(articles: Catalogue) -> tuple[str, ...]:
    """A short hash of id and content of each visible article, sorted.

    Of more than 1,000 articles, those whose ids have the smallest hashes: a sample that stays the same
    however the others change.
    """
    pairs = zip(articles.column("id"), articles.column("sha256"), strict=True)
    hashed = (hashlib.sha256(name.encode()).hexdigest()[:_ID] + content[:8] for name, content in pairs if name)
    return tuple(heapq.nsmallest(_FINGERPRINTS, hashed))


def changed_share(before: Sequence[str], now: Sequence[str]) -> float:
    """The share of articles that have changed, come or gone between two lists of fingerprints."""
    old, new = ({each[:_ID]: each for each in own} for own in (before, now))
    names = heapq.nsmallest(_FINGERPRINTS, old.keys() | new.keys())
    return sum(old.get(name) != new.get(name) for name in names) / len(names) if names else 0.0


def certificate_of(record: dict[str, Any] | None) -> Certificate | None:
    """The certificate in the record of a calibration. Raises ValueError, TypeError or KeyError for a broken one."""
    if record is None:
        return None
    counts = int(record["answers"]), int(record["wrong"]), float(record["at_most"])
    return Certificate(*counts, tuple(str(each) for each in record["articles"]))


def standing(notes: Notes, identity: Identity, articles: Catalogue) -> Standing | None:
    """The certificate that is kept for these articles and this encoder; None without one that can be read."""
    try:
        record = json.loads(notes.read_note(CALIBRATION) or "{}")
        certificate = certificate_of(record.get("certificate"))
        if certificate is None or record["encoder"] != asdict(identity):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None  # the decision logs why it cannot be read
    return Standing(certificate, changed_share(certificate.articles, fingerprints(articles)))
