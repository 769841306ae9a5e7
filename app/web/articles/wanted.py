"""The part of the list that an address names: words, order, folder, page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

_LONGEST = 200  # characters of words
_FOLDER = 1_000  # characters of a folder's name
ORDERS = ("date", "title", "folder")
BEST = "best"  # order of a search: words in title, publisher or date first


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that articles must hold, the folder they lie in, their order, and a page of their list."""

    words: str = ""
    folder: str = ""
    order: str = ORDERS[0]
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """The part that a query names. Anybody may have written it: unreadable values count for nothing."""
        words = " ".join(query.get("q", "")[:_LONGEST].split())
        page = query.get("page", "")
        order = query.get("sort", "")
        is_order = order in ORDERS or (order == BEST and words)
        return cls(
            words,
            query.get("folder", "")[:_FOLDER].strip("/"),
            order if is_order else BEST if words else ORDERS[0],
            int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        )

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders to choose from."""
        return (BEST, *ORDERS) if self.words else ORDERS

    @property
    def address(self) -> str:
        """The address of this part, without what goes without saying."""
        fields = {
            "q": self.words,
            "folder": self.folder,
            "sort": "" if self.order == self.orders[0] else self.order,
            "page": self.page if self.page > 1 else "",
        }
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"/articles?{query}" if query else "/articles"

    def at(self, page: int) -> str:
        """The address of another page of the same list."""
        return replace(self, page=page).address

    def by(self, order: str) -> str:
        """The address of the same articles in another order."""
        return replace(self, order=order, page=1).address

    def within(self, folder: str) -> str:
        """The address of the same list for a folder, or for all of them."""
        return replace(self, folder=folder, page=1).address
