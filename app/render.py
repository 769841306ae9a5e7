"""An answer as the chat shows it: cards of escaped HTML, each on one line, which Gradio keeps as they are."""

from collections.abc import Sequence
from html import escape, unescape

from app.answer import Answer, Citation
from index.articles import Source

_OPEN_CARDS = 3  # the others are folded away
_SAID = '<p class="said">'
_NO_ANSWER = "The articles do not say."


def answer_html(answer: Answer) -> str:
    """The whole answer as one line of HTML in which nothing of an article or a person is markup."""
    if answer.answered:
        body = _cards(answer.citations)
    else:
        closest = _folded("Closest passages", "".join(_card(citation) for citation in answer.closest))
        body = f'<p class="no-answer">{_NO_ANSWER}</p>{closest if answer.closest else ""}'
    return f'<section class="answer">{_context(answer.history_used)}{body}</section>'


def message_html(text: str) -> str:
    """A sentence of our own or of a person's, escaped, as the chat shows it."""
    return f"{_SAID}{one_line(text)}</p>"


def said(html: str) -> str:
    """The sentence that `message_html` was given."""
    return unescape(html.removeprefix(_SAID).removesuffix("</p>").replace("<br>", "\n"))


def one_line(text: str) -> str:
    """Escaped text without line breaks of any kind: a blank line would end Gradio's HTML block."""
    return "<br>".join(escape(line) for line in text.splitlines() if line.strip())


def marked(quote: str, highlight: tuple[tuple[int, int], ...]) -> str:
    """The quote, escaped, with its highlighted spans in `<mark>`."""
    parts, position = [], 0
    for start, end in highlight:
        parts += [_escaped(quote[position:start]), "<mark>", _escaped(quote[start:end]), "</mark>"]
        position = end
    return "".join([*parts, _escaped(quote[position:])])


def _context(questions: Sequence[str]) -> str:
    shown = " ".join(f"“<bdi>{one_line(question)}</bdi>”" for question in questions)
    return f'<p class="context">Read after {shown}</p>' if shown else ""


def _cards(citations: tuple[Citation, ...]) -> str:
    shown = "".join(_card(citation) for citation in citations[:_OPEN_CARDS])
    rest = citations[_OPEN_CARDS:]
    if not rest:
        return shown
    label = "1 more passage" if len(rest) == 1 else f"{len(rest)} more passages"
    return shown + _folded(label, "".join(_card(citation) for citation in rest))


def _card(citation: Citation) -> str:
    link = escape(citation.link)
    about = " · ".join(one_line(part) for part in (citation.publisher, citation.published) if part)
    return (
        '<article class="card">'
        f'<header><span class="number">{citation.number}</span> '
        f'<a class="title" href="{link}" target="_blank"><bdi>{one_line(citation.title)}</bdi></a> '
        f'<span class="about"><bdi>{about}</bdi></span></header>'
        f"<blockquote>{marked(citation.quote, citation.highlight)}</blockquote>"
        f"<footer>{_based_on(citation.sources)}"
        f'<a href="{link}" target="_blank">Open the article here</a></footer>'
        "</article>"
    )


def _based_on(sources: tuple[Source, ...]) -> str:
    if not sources:
        return ""
    items = "".join(f"<li>{_source(source)}</li>" for source in sources)
    names = list(dict.fromkeys(source.publisher or source.title for source in sources))
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return _folded(f"based on {', '.join(names[:2])}{more}", f"<ul>{items}</ul>", kind="sources")


def _source(source: Source) -> str:
    title = f"<bdi>{one_line(source.title)}</bdi>"
    linked = f'<a href="{escape(source.url)}" target="_blank">{title}</a>' if source.url else title
    return ", ".join([linked, *(one_line(part) for part in (source.publisher, source.date) if part)])


def _folded(label: str, html: str, kind: str = "more") -> str:
    return f'<details class="{kind}"><summary>{one_line(label)}</summary>{html}</details>'


def _escaped(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
