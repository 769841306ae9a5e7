"""References to copy: a quote with its article as plain text, Markdown, BibTeX and RIS.

Each format has its own escapes, so that no text of an article is markup in it.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from app.web.chat.transcript import escaped
from index.articles.article import Article, Source

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts the braces of \{ too
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{sign: f"\\{sign}" for sign in "$&#%_"},
    }
)
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f<>{}\\^`|\"]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEY = 60  # characters of an article's id in a BibTeX key


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote, empty for the whole article, and its origin.

    `start` is the quote's first character in the article; `address` opens the article there; `place` is a text such
    as "page 3"; `based_on` begins with its words, and is empty without sources.
    """

    article: Article
    quote: str
    start: int
    address: str
    place: str = ""
    based_on: str = ""


def plain(reference: Reference) -> str:
    """Plain text: the quote, its origin and its address, each on its own lines."""
    lines = [f"“{reference.quote}”" if reference.quote else "", *about(reference)]
    return "\n".join(line for line in (*lines, reference.article.url, reference.address) if line)


def about(reference: Reference) -> list[str]:
    """The origin: title, publisher, date and page, then the sources."""
    return [_joined(reference.article.title, *_origin(reference)), reference.based_on]


def markdown(reference: Reference) -> str:
    """Markdown: the quote as a block, then the linked title with publisher, date and page."""
    quoted = [f"> {escaped(line)}" for line in reference.quote.splitlines()]
    title = f"[{escaped(reference.article.title)}](<{_address(reference.address)}>)"
    origin = _joined(title, escaped(_joined(*_origin(reference))))
    own = [f"<{_address(reference.article.url)}>"] if reference.article.url else []
    parts = ["\n".join(quoted), origin, escaped(reference.based_on), *own]
    return "\n\n".join(part for part in parts if part)


def bibtex(reference: Reference) -> str:
    """A BibTeX entry."""
    article = reference.article
    year, month, _ = f"{article.published}--".split("-", 2)
    quote = f"“{reference.quote}”" if reference.quote else ""
    fields = {
        "title": f"{{{{{_latex(article.title)}}}}}",
        "publisher": f"{{{{{_latex(article.publisher)}}}}}" if article.publisher else "",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(month[:2]) - 1] if month else "",
        "url": f"{{{_address(article.url or reference.address)}}}",
        "note": f"{{{_latex(_joined(quote, reference.place, reference.based_on))}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value not in ("", "{}")]
    return "\n".join([f"@misc{{{_key(reference)},", *lines, "}"])


def ris(reference: Reference) -> str:
    """A RIS record. Its lines end as the format demands."""
    article = reference.article
    year, month, day = f"{article.published}--".split("-")[:3]
    fields = [
        ("TY", "ELEC"),
        ("TI", article.title),
        ("PB", article.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("LA", article.language),
        ("UR", _address(article.url or reference.address)),
        ("N1", _joined(f"“{reference.quote}”" if reference.quote else "", reference.place, reference.based_on)),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


FORMATS = {"plain": plain, "markdown": markdown, "bibtex": bibtex, "ris": ris}


def sources_named(sources: tuple[Source, ...]) -> str:
    """The sources, each by title, publisher and date."""
    return "; ".join(_joined(source.title, source.publisher, source.date) for source in sources)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _origin(reference: Reference) -> list[str]:
    return [reference.article.publisher, reference.article.published, reference.place]


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _address(url: str) -> str:
    """The address with every character percent-encoded that could end it in one of the formats."""
    return _NOT_IN_ADDRESS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), url)


def _key(reference: Reference) -> str:
    """The article's id in plain letters, and the place of the quote: other quotes have other keys."""
    name = reference.article.id
    key = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:_KEY]
    if not name.isascii() or not key:
        key = f"{key or 'article'}-{sha256(name.encode()).hexdigest()[:8]}"
    return f"{key}-{reference.start}" if reference.quote else key
