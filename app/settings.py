"""Run-time settings: one record, read once from `CHAT_*` variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from index.errors import UserError

PREFIX = "CHAT_"


class BadSetting(UserError):
    """A setting has an unknown name or a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen, what to search, what the page says. Port 0 takes any free port."""

    index: Path = Path(".index")
    host: str = "127.0.0.1"
    port: int = 7860
    title: str = "Verbatim"
    examples: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Settings from the variables that begin with `CHAT_`; raises BadSetting."""
        given = {name.removeprefix(PREFIX).lower(): value for name, value in env.items() if name.startswith(PREFIX)}
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(given) - set(known))
        if unknown:
            names = ", ".join(PREFIX + name.upper() for name in unknown)
            offered = ", ".join(PREFIX + name.upper() for name in known)
            raise BadSetting(f"unknown setting {names}. The settings are: {offered}")
        values: dict[str, object] = dict(given)
        if "index" in given:
            values["index"] = Path(given["index"])
        if "port" in given:
            values["port"] = port(given["port"])
        if "examples" in given:
            values["examples"] = tuple(text.strip() for text in given["examples"].split("|") if text.strip())
        return cls(**values)  # type: ignore[arg-type]  # each value was given its field's type above


def port(value: str) -> int:
    """A port number; raises BadSetting."""
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) > 65_535:
        raise BadSetting(f"{value!r} is not a port. Give a number from 0 to 65535")
    return int(value)
