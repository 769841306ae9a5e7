"""Keys of passages in compact arrays, sorted once and found by bisection."""

from collections.abc import Iterable, Iterator

import numpy as np

from index.arrays import Rows

SIZE = 32  # bytes of a key


class Keys:
    """Keys of 32 bytes in order of row; rows may have equal keys."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        joined = bytearray()
        for key in keys:
            joined += key
        self._raw = bytes(joined)
        by_row = np.frombuffer(self._raw, f"S{SIZE}")
        self._order = np.argsort(by_row, kind="stable")
        self._sorted = by_row[self._order]

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, row: int) -> bytes:
        return self._raw[SIZE * row : SIZE * (row + 1)]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and len(self.rows(key)) > 0

    def rows(self, key: bytes) -> Rows:
        """The rows with this key, in order; empty for an unknown key."""
        first, end = (int(self._sorted.searchsorted(np.bytes_(key), side)) for side in ("left", "right"))
        return self._order[first:end]

    def distinct(self) -> Iterator[tuple[bytes, Rows]]:
        """Each distinct key with its rows, in order of the first row."""
        if not len(self):
            return
        starts = np.flatnonzero(np.concatenate([[True], self._sorted[1:] != self._sorted[:-1]]))
        ends = np.append(starts[1:], len(self))
        for group in np.argsort(self._order[starts]):
            rows = self._order[starts[group] : ends[group]]
            yield self[int(rows[0])], rows
