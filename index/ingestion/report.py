"""Results of a build: counts, problems, coverage, and the origins of its vectors."""

from dataclasses import astuple, dataclass, field

from index.ingestion.manifest import Counts, Coverage
from index.reading.places.reader import Problem


@dataclass(frozen=True, slots=True)
class VectorSources:
    """The sources of the vectors of a build's passages; they sum to all passages, or to 0 if no build was written."""

    encoded: int = 0
    repeated: int = 0  # equal to an encoded passage
    reused: int = 0  # taken from the previous build
    resumed: int = 0  # taken from the journal of an interrupted build

    def __add__(self, other: "VectorSources") -> "VectorSources":
        return VectorSources(*(sum(pair) for pair in zip(astuple(self), astuple(other), strict=True)))


def vector_sources_text(origins: VectorSources) -> str:
    """The sources as text for people, empty if no build was written."""
    parts = {
        "taken from the build before": origins.reused,
        "from a build that was stopped": origins.resumed,
        "equal to another": origins.repeated,
    }
    passages = origins.encoded + sum(parts.values())
    others = "".join(f", {count:,} {source}" for source, count in parts.items() if count)
    return f"encoded {origins.encoded:,} of {passages:,} passages{others}" if passages else ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a build. `changed` is False if the live build was already current."""

    build: str
    changed: bool
    counts: Counts
    problems: list[Problem]
    ignored: int
    coverage: Coverage | None
    origins: VectorSources = VectorSources()
    notes: list[str] = field(default_factory=list)
