"""Views of a collection: what the people of some groups see of it, made once for each set of groups."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

_MOST_KEPT, _LEAST_KEPT = 256, 8  # views of a collection, each for another set of the groups that its articles name
_ARTICLES_KEPT = 1_000_000  # over all views: each takes some bytes an article

Viewed = TypeVar("Viewed")


class Views(Generic[Viewed]):
    """The views last used of a collection of `size` articles, by groups.

    Each is made once, however many ask for it at a time, and nobody waits for the making of another one.
    """

    def __init__(self, make: Callable[[frozenset[str]], Viewed], size: int = 0) -> None:
        self._make = make
        self._most = max(_LEAST_KEPT, min(_MOST_KEPT, _ARTICLES_KEPT // max(size, 1)))
        self._lock = threading.Lock()  # of the two maps, held for moments
        self._kept: OrderedDict[frozenset[str], Viewed] = OrderedDict()
        self._making: dict[frozenset[str], threading.Lock] = {}

    def __call__(self, groups: frozenset[str]) -> Viewed:
        """The view of somebody of these groups."""
        if (known := self._used(groups)) is not None:
            return known
        with self._lock:
            making = self._making.setdefault(groups, threading.Lock())
        with making:
            if (known := self._used(groups)) is not None:
                return known
            try:
                made = self._make(groups)
                self._keep(groups, made)
            finally:
                with self._lock:
                    self._making.pop(groups, None)
            return made

    def _keep(self, groups: frozenset[str], made: Viewed) -> None:
        with self._lock:
            self._kept[groups] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _used(self, groups: frozenset[str]) -> Viewed | None:
        with self._lock:
            if groups in self._kept:
                self._kept.move_to_end(groups)
            return self._kept.get(groups)
