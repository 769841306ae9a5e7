"""The visible characters of a web page, counted by another parser than the one that reads it."""

from html.parser import HTMLParser

from index.articles.article import visible

_CODE = frozenset("head script style title annotation annotation-xml".split())


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img" and "tex" in (values.get("class") or ""):
            self.texts.append((values.get("alt") or "").strip("$"))
        if tag == "iframe" and (inner := values.get("srcdoc")):
            self.texts.append("".join(texts_of(inner)))
            self._within.append(tag)
        if tag in _CODE and not (tag == "script" and (values.get("type") or "") == "math/tex"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            del self._within[self._within.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)


def texts_of(source: str) -> list[str]:
    """The text nodes of a page that are no code."""
    parser = _Texts()
    parser.feed(source)
    parser.close()
    return parser.texts


def visible_characters(source: str) -> int:
    """The number of visible characters in the text nodes of a page."""
    return visible("".join(texts_of(source)))
