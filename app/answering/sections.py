"""Which articles belong to the page that the chat stands on: the same folder, or the same words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from index.articles.catalogue import Catalogue
from index.keywords.tokenizer import tokenise

_MOST = 500  # characters of an address or a title that are read
_COMMON = 0.25  # a word in more than this share of the articles tells no section
_SHARED = 2  # words that an article must share with the page, or all the page has


@dataclass(frozen=True, slots=True)
class Section:
    """Articles that belong together, by id, and the name they are shown under."""

    name: str
    articles: frozenset[str]


class _Found:
    """The articles of each folder and of each word of titles, and the folders' names as they are written."""

    def __init__(self, articles: Catalogue) -> None:
        self.folders: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        self.words: dict[str, set[str]] = {}
        for entry in articles.entries():
            *folders, _ = entry.id.split("/")
            for name in folders:
                self.folders.setdefault(name.casefold(), set()).add(entry.id)
                self.names.setdefault(name.casefold(), name)
            for word in _words([entry.title, *folders]):
                self.words.setdefault(word, set()).add(entry.id)


class Sections:
    """The sections of a collection of articles, read when a page is first asked for: few chats stand on one."""

    def __init__(self, articles: Catalogue) -> None:
        self._articles = articles
        self._size = len(articles)

    @cached_property
    def _found(self) -> _Found:
        return _Found(self._articles)

    def folders(self) -> list[Section]:
        """A section for each folder, in order of name."""
        names, folders = self._found.names, self._found.folders
        return [Section(names[key], frozenset(found)) for key, found in sorted(folders.items())]

    def of_page(self, address: str, title: str) -> Section | None:
        """The section of a page, or None where neither its address nor its title points at one.

        The last part of the address that is a folder's name decides; without one, the articles that
        share the words of the page's title and address.
        """
        parts = _parts(address[:_MOST])
        if not parts and not title.strip():
            return None
        for part in reversed(parts):
            if found := self._found.folders.get(part.casefold()):
                return self._section(self._found.names[part.casefold()], found)
        words = {word for word in _words([title[:_MOST], *parts]) if self._tells(word)}
        shared = Counter(article for word in words for article in self._found.words[word])
        least = min(_SHARED, len(words))
        found = {article for article, count in shared.items() if count >= least}
        name = " ".join(title[:_MOST].split()) or (parts[-1] if parts else "")
        return self._section(name, found) if found else None

    def _section(self, name: str, articles: set[str]) -> Section | None:
        """None for a section of everything, which would prefer nothing."""
        return Section(name[:80], frozenset(articles)) if len(articles) < self._size else None

    def _tells(self, word: str) -> bool:
        return 0 < len(self._found.words.get(word, ())) <= max(1, _COMMON * self._size)


def _parts(address: str) -> list[str]:
    """The parts of an address's path, the ending of a file's name cut off."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return []
    *folders, last = unquote(path).split("/")
    return [part for part in (*folders, last.partition(".")[0]) if part.strip(".")]


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in tokenise(text.replace("-", " ").replace("_", " "))}
