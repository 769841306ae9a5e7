"""Results of a build: counts, problems, coverage, and the origins of its vectors."""

from dataclasses import astuple, dataclass, field

from index.ingestion.manifest import Counts, Coverage
from index.reading.folder import Problem


@dataclass(frozen=True, slots=True)
class VectorSources:
    """Where the vectors of a build's passages came from: together all passages, or 0 where no build was written."""

    encoded: int = 0
    repeated: int = 0  # equal to one that was encoded
    reused: int = 0  # taken from the build before
    resumed: int = 0  # taken from the journal of a build that was stopped

    def __add__(self, other: "VectorSources") -> "VectorSources":
        return VectorSources(*(sum(pair) for pair in zip(astuple(self), astuple(other), strict=True)))


def origins_said(origins: VectorSources) -> str:
    """The same in words, empty where no build was written."""
    parts = {
        "taken from the build before": origins.reused,
        "from a build that was stopped": origins.resumed,
        "equal to another": origins.repeated,
    }
    passages = origins.encoded + sum(parts.values())
    others = "".join(f", {count:,} {what}" for what, count in parts.items() if count)
    return f"encoded {origins.encoded:,} of {passages:,} passages{others}" if passages else ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. `changed` is False where the live build already was what was asked for."""

    build: str
    changed: bool
    counts: Counts
    problems: list[Problem]
    ignored: int
    coverage: Coverage | None
    origins: VectorSources = VectorSources()
    notes: list[str] = field(default_factory=list)
