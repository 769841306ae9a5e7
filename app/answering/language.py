"""Interface texts: one file a language, and which one a person reads."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from index.articles.article import Place
from index.errors import BadQuestion
from index.patterns import lazy

_FOLDER = Path(__file__).parent / "languages"
_DEFAULT = "en"
TRIAL = "try"  # parameter of addresses: the token of a trial
_HAN = lazy("[㐀-鿿]")
# Words that begin a question in English, and in none of the other languages.
_ENGLISH = lazy(
    r"\W*(?:what|when|which|how|whose?|whom|where|why|is|are|were|did|does|do|can|could|would|should|show|give|tell|the)\b",
    re.IGNORECASE,
)
_ACCEPTED = lazy(r"\s*([a-zA-Z]{2,3})(?:-[a-zA-Z0-9-]+)?\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?\s*")


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of one language. `asked`: an address or a widget named it, so links must keep it.

    Links also keep the token of a `trial`, a collection of the reader's own files that an address named.
    """

    code: str
    texts: dict[str, str]
    asked: bool = False
    trial: str = ""

    def say(self, name: str, /, **values: object) -> str:
        """The text of that name with its values filled in. Raises KeyError for an unknown one."""
        return self.texts[name].format(**values)

    def place(self, place: Place | None, *, recognised: bool = False) -> str:
        """The name of a place in a file, such as "page 3", which says if its text is `recognised`; empty for none."""
        if not place:
            return ""
        name = self.say(f"place.{place.kind}", number=place.number, name=place.name)
        return self.say("place.recognised", place=name) if recognised else name

    def chip(self, kind: str, value: object) -> str:
        """Name of the text of a way's chip: `way.KIND.VALUE` if there is such a text, else `way.KIND`."""
        name = f"way.{kind}.{value}"
        return name if name in self.texts else f"way.{kind}"

    def note(self, note: str) -> tuple[str, str]:
        """Name of the text of a note `NAME:VALUE`, and its value for people: codes of languages become their names."""
        name, _, value = note.partition(":")
        if name != "other_language":
            return f"note.{name}", value
        return f"note.{name}", ", ".join(self.name(code) for code in value.split(", "))

    def name(self, code: str) -> str:
        """The name of the language with this code, with its script or country; the code itself where it has none."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code, sep="-").get_display_name(self.code) or code
        except (UnknownLocaleError, ValueError):
            return str(Locale.parse(self.code).languages.get(code.lower(), code))

    def number(self, number: int) -> str:
        """A whole number with the separators of this language: "2,001" is "2.001" in German."""
        if abs(number) < 1000:
            return str(number)
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.code)

    def day(self, written: str) -> str:
        """An ISO date as people write it in this language; a month or a year stays as it is."""
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return written
        from babel.dates import format_date

        return format_date(day, "long", locale=self.code)

    def problem(self, error: BadQuestion) -> str:
        """The message for a question or filter that cannot be read."""
        values = {name: self.number(each) if isinstance(each, int) else each for name, each in error.values.items()}
        return self.say(f"problem.{error.kind}", **values)

    def kept(self, address: str) -> str:
        """The address, naming this language where it was asked for, and the trial."""
        path, hash_sign, place = address.partition("#")
        named = {"language": self.code if self.asked else "", TRIAL: self.trial}
        for name, value in named.items():
            path += f"{'&' if '?' in path else '?'}{name}={value}" if value else ""
        return f"{path}{hash_sign}{place}"

    def group(self, name: str) -> dict[str, str]:
        """The texts whose names begin with `name` and a dot, by the rest of their names."""
        return {key.removeprefix(f"{name}."): text for key, text in self.texts.items() if key.startswith(f"{name}.")}


@cache
def languages() -> dict[str, Language]:
    """Every language by its code, English first: a text that two languages share is read as English."""
    paths = sorted(_FOLDER.glob("*.json"), key=lambda path: (path.stem != _DEFAULT, path.stem))
    return {path.stem: Language(path.stem, json.loads(path.read_text("utf-8"))) for path in paths}


def languages_of(text: str) -> list[Language]:
    """The languages that a text may be in, English first; patterns of the others need not be tried, nor compiled."""
    is_english, has_han = _ENGLISH.match(text) is not None, _HAN.search(text) is not None
    alone = {_DEFAULT} if is_english else set(languages()) - {"zh"}
    return [each for code, each in languages().items() if code in alone or (has_han and code == "zh")]


def of_reader(query: Mapping[str, str], headers: Mapping[str, str]) -> Language:
    """The language of whoever sent a request."""
    language = chosen(query.get("language", ""), headers.get("accept-language", ""))
    trial = query.get(TRIAL, "")
    return replace(language, trial=trial) if re.fullmatch("[A-Za-z0-9_-]{32}", trial) else language


def of_locale(environment: Mapping[str, str]) -> Language:
    """The language of a terminal's locale, such as `LANG=zh_CN.UTF-8`."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return chosen(next((name.replace("_", "-") for name in names if name), ""))


def chosen(wanted: str = "", accepted: str = "") -> Language:
    """The language that was asked for, else the best that the browser accepts, else English.

    `wanted` is a code such as `zh` or `zh-CN`, `accepted` a browser's Accept-Language header.
    """
    code = wanted[:10].lower().partition("-")[0]
    if code in languages():
        return replace(languages()[code], asked=True)
    offers = [match for part in accepted[:200].split(",") if (match := _ACCEPTED.fullmatch(part))]
    for match in sorted(offers, key=lambda match: -float(match[2] or 1)):
        if (code := match[1].lower()) in languages() and float(match[2] or 1) > 0:
            return languages()[code]
    return languages()[_DEFAULT]
