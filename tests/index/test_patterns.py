import re

import pytest
import regex

from index.patterns import lazy, lazy_regex


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    broken = lazy("(")
    with pytest.raises(re.error):
        broken.search("a")


def test_a_pattern_matches_as_its_compiled_one() -> None:
    for pattern in (lazy("B+", re.IGNORECASE), lazy_regex("B+", regex.IGNORECASE)):
        assert [match.span() for match in pattern.finditer("abba b")] == [(1, 3), (5, 6)]
        assert (pattern.sub("-", "abba"), pattern.pattern) == ("a-a", "B+")
