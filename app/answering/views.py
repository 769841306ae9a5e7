"""Views of a collection: what the people of some groups see of it, made once for each set of groups."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_KEPT_VIEWS = 32  # of a collection, each for another set of the groups that its articles name

Viewed = TypeVar("Viewed")


class Views(Generic[Viewed]):
    """The last views of a collection by groups; each is made once, however many ask for it at a time."""

    def __init__(self, make: Callable[[frozenset[str]], Viewed]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._kept: dict[frozenset[str], Viewed] = {}

    def __call__(self, groups: frozenset[str]) -> Viewed:
        """The view of somebody of these groups."""
        known = self._kept.get(groups)
        if known is None:
            with self._making:
                known = self._kept.get(groups) or self._make(groups)
                self._kept[groups] = known
                if len(self._kept) > _KEPT_VIEWS:
                    del self._kept[next(iter(self._kept))]
        return known
