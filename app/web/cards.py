"""An answer as the chat shows it: HTML on one line, which Gradio keeps as it is."""

from collections.abc import Collection

from markupsafe import Markup, escape

from app.answering.answer import Answer
from app.answering.language import Language
from app.answering.links import ArticleLink
from app.web.pages import HERE, PAGES
from index.articles.article import Source


def answer_html(answer: Answer, language: Language, base: str = "", ignored: Collection[str] = ()) -> str:
    """The whole answer as one line of HTML in which no text of an article or a person is markup.

    The link to the list of articles begins with `base`, as the answer's own links do; `ignored` are
    the keys that the question was asked without, which can be taken back.
    """

    def say(name: str, /, **values: object) -> Markup:
        return escape(language.texts[name]).format(**values)

    every = ArticleLink("", say("chat.articles"), f"{base}/articles")
    return _ANSWER.render(answer=answer, say=say, kept=language.kept, every=every, ignored=sorted(ignored))


def message_html(text: str) -> str:
    """A sentence of our own or of a person's, escaped, as the chat shows it."""
    return f'<p class="said">{_one_line(text)}</p>'


def marked(quote: str, highlight: tuple[tuple[int, int], ...]) -> Markup:
    """The quote with its highlighted spans in `<mark>`."""
    parts, position = [], 0
    for start, end in highlight:
        parts += [escape(quote[position:start]), Markup("<mark>{}</mark>").format(quote[start:end])]
        position = end
    return Markup("").join([*parts, quote[position:]]).replace("\n", Markup("<br>"))


def _one_line(value: object) -> Markup:
    """Escaped text without line breaks of any kind: a blank line would end Gradio's HTML block."""
    text = value if isinstance(value, str) else str(value)
    return Markup("<br>").join(line for line in text.splitlines() if line.strip())


def _isolated(text: str) -> Markup:
    """Escaped text that keeps its direction of writing to itself."""
    return Markup("<bdi>{}</bdi>").format(_one_line(text))


def _publishers(sources: tuple[Source, ...]) -> list[str]:
    """The different publishers of sources, titles in place of missing ones."""
    return list(dict.fromkeys(source.publisher or source.title for source in sources))


_ESCAPED = PAGES.overlay(finalize=_one_line)
_ESCAPED.filters = {**PAGES.filters, "bdi": _isolated, "marked": marked, "publishers": _publishers}
_SOURCE = (HERE / "templates" / "answer.html").read_text("utf-8").splitlines()
_ANSWER = _ESCAPED.from_string("".join(map(str.strip, _SOURCE)))
