"""Regular expressions that are compiled when they are first used, as many questions need none of them."""

import re
from functools import cached_property
from typing import Any, cast

import regex


class _Lazy:
    """A pattern that takes each attribute from its compiled one, which is made for the first of them."""

    def __init__(self, module: Any, pattern: str, flags: int) -> None:
        self._given = module, pattern, flags

    @cached_property
    def _compiled(self) -> Any:
        module, pattern, flags = self._given
        return module.compile(pattern, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def lazy(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """The pattern of `re`; an error in it is raised at its first use."""
    return cast("re.Pattern[str]", _Lazy(re, pattern, flags))


def lazy_regex(pattern: str, flags: int = 0) -> "regex.Pattern[str]":
    """The pattern of `regex`; an error in it is raised at its first use."""
    return cast("regex.Pattern[str]", _Lazy(regex, pattern, flags))
