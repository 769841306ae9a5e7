"""Keys of passages: found by bisection."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.ingestion.passage_keys import first_rows

# Keys that end in zeros, or differ only there, are told apart.
_keys = st.lists(st.sampled_from([bytes([a]) * 31 + bytes([b]) for a in (0, 1, 255) for b in (0, 1, 255)]))


@settings(max_examples=200)
@given(_keys)
def test_every_key_has_its_first_row(keys: list[bytes]) -> None:
    row_of = first_rows(iter(keys))
    assert [row_of(key) for key in keys] == [keys.index(key) for key in keys]
    assert row_of(b"\x07" * 32) is None
