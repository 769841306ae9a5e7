"""Keys of passages: found by bisection, with all their rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.ingestion.passage_keys import Keys

# Keys that end in zeros, or differ only there, are told apart.
_keys = st.lists(st.sampled_from([bytes([a]) * 31 + bytes([b]) for a in (0, 1, 255) for b in (0, 1, 255)]))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(_keys)
def test_every_key_has_its_rows_in_order(keys: list[bytes]) -> None:
    made = Keys(iter(keys))

    wanted: dict[bytes, list[int]] = {}
    for row, key in enumerate(keys):
        wanted.setdefault(key, []).append(row)
    assert [(key, rows.tolist()) for key, rows in made.distinct()] == list(wanted.items())
    assert [made[row] for row in range(len(made))] == keys
    for key in [*wanted, b"\x07" * 32]:
        assert made.rows(key).tolist() == wanted.get(key, [])
        assert (key in made) == (key in wanted)
