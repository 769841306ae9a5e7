"""Search filters: a range of dates, publishers, languages, folders, articles."""

import calendar
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from index.articles.article import clean, is_date
from index.errors import BadFilter
from index.patterns import lazy

MAX_VALUES = 50  # of one kind
_SHOWN = 40  # characters of a wrong value

# A word of a name; in scripts without spaces each character is a word.
WORD = lazy(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a search: an article must match every kind given, by any one value of the kind. False if empty.

    `since` and `until` are years, months or days in ISO form, both inclusive; they apply to the
    article's own date, and an article without a date never passes them. `publishers` are full
    names of the article's publisher or a source's, case-insensitive. A language includes its regions
    (`zh` matches `zh-Hans`), a folder its subfolders. `articles` are ids.

    Raises BadFilter for an invalid date, a range that ends before it begins, and more than 50
    values of a kind.
    """

    since: str = ""
    until: str = ""
    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            if (value := getattr(self, name)) and not is_date(value):
                shown = value[:_SHOWN]
                message = f"{name} {shown!r} is no date. Give a year, month or day: 2025, 2025-01 or 2025-01-14"
                raise BadFilter(message, "filter_date", value=shown)
        if self.days and self.days[0] > self.days[1]:
            message = f"since {self.since} is after until {self.until}, so nothing is between them. Swap them"
            raise BadFilter(message, "filter_order", since=self.since, until=self.until)
        for name in ("publishers", "languages", "folders", "articles"):
            if (count := len(getattr(self, name))) > MAX_VALUES:
                message = f"{count:,} {name} are given; at most {MAX_VALUES} are read. Leave some out"
                raise BadFilter(message, "filter_many", count=count, limit=MAX_VALUES)

    def __bool__(self) -> bool:
        return bool(self.to_json())

    @property
    def days(self) -> tuple[int, int] | None:
        """First and last day of the range, as `date.toordinal` counts them; None without a date."""
        if not self.since and not self.until:
            return None
        first = period(self.since)[0] if self.since else date.min.toordinal()
        last = period(self.until)[1] if self.until else date.max.toordinal()
        return first, last

    def to_json(self) -> dict[str, str | list[str]]:
        """The filters that are given, by name."""
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {name: value for name, value in fields.items() if value}


EVERYTHING = Filters()


@lru_cache(maxsize=65_536)
def period(written: str) -> tuple[int, int]:
    """The first and last day of a year, month or day in ISO form, as `date.toordinal` counts them."""
    year, month, day = (int(part) for part in f"{written}-0-0".split("-")[:3])
    last_day = day or calendar.monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1).toordinal(), date(year, month or 12, last_day).toordinal()


def folded(name: str) -> str:
    """The name for comparison: NFC, one space between words, case folded, apostrophes straight."""
    return " ".join(clean(name).split()).casefold().replace("’", "'")
