"""Look-up of passages by key in compact arrays, sorted once and searched by bisection."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np

FirstRow: TypeAlias = Callable[[bytes], int | None]
"""A function from a key to the first row with it, None for an unknown key."""


def first_rows(keys: Iterable[bytes]) -> FirstRow:
    """The look-up of these keys of 32 bytes, given in order of row; rows may have equal keys."""
    by_row = np.fromiter(keys, "S32")
    order = np.argsort(by_row, kind="stable")
    ordered = by_row[order]

    def first_row(key: bytes) -> int | None:
        start, end = (int(ordered.searchsorted(np.bytes_(key), side)) for side in ("left", "right"))
        return int(order[start]) if start < end else None

    return first_row
