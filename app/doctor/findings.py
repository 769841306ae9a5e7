"""Findings of the doctor: each a part, whether it is well, and advice where it is not."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from index.errors import UserError, first_line

State: TypeAlias = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of the check of a `part`, with advice where something is to be done; a `note` need not be wrong."""

    part: str
    state: State
    text: str
    advice: str = ""

    def to_json(self) -> dict[str, Any]:
        """The fields."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The finding for people."""
        yield f"{self.state:<5} {self.part:<12} {self.text}"
        if self.advice:
            yield f"{'':<18} do: {self.advice}"


Check: TypeAlias = Callable[[], Iterator[Finding]]


def found(part: str, check: Check) -> list[Finding]:
    """The findings of a check; an error of it is one of them."""
    findings: list[Finding] = []
    try:
        findings.extend(check())
    except (UserError, OSError) as error:
        said, _, advice = str(error).partition(". ")
        findings.append(Finding(part, "wrong", said or first_line(error), advice))
    return findings
