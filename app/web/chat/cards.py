"""Answers as the chat shows them: HTML on one line."""

from collections.abc import Callable, Collection

from markupsafe import Markup, escape

from app.answering.answer import Answer
from app.answering.citation import origin_of, receipt_of
from app.answering.language import Language
from app.answering.links import ArticleLink
from app.web.chat.quotes import by_article, is_all, lead, quoted
from app.web.pages import HERE, PAGES
from app.web.requests import TURNS_READ
from index.articles.article import Source


def answer_html(
    answer: Answer, language: Language, base: str = "", ignored: Collection[str] = (), *, feedback: bool = False
) -> str:
    """The whole answer as one line of HTML in which no text of an article or a person is markup.

    The link to the list of articles begins with `base`, as the answer's own links do; `ignored` are
    the keys that the question was asked without, which can be taken back. With `feedback` each passage has its button.
    """

    def say(name: str, /, **values: object) -> Markup:
        return escape(language.texts[name]).format(**values)

    every = ArticleLink("", say("chat.articles"), f"{base}/articles")
    return _ANSWER.render(
        answer=answer,
        filtered=_filters(answer, language),
        say=say,
        kept=language.kept,
        language=language,
        turns=TURNS_READ,
        every=every,
        ignored=sorted(ignored),
        feedback=feedback,
        ways=language.group("way"),
        named=language.chip,
        publishers=len({citation.publisher for citation in answer.citations or answer.closest}),
    )


def _filters(answer: Answer, language: Language) -> dict[str, list[str]]:
    """The values of each filter of the answer: names of languages, and titles of the articles that it cites."""
    titles = {citation.article: citation.title for citation in (*answer.citations, *answer.closest)}
    shown: dict[str, Callable[[str], str]] = {
        "articles": lambda name: titles.get(name, name),
        "languages": language.name,
    }
    given = answer.filters.to_json() if answer.filters else {}
    lists = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
    return {name: list(map(shown.get(name, str), values)) for name, values in lists.items()}


def message_html(text: str) -> str:
    """A sentence of our own or of a person's, escaped, as the chat shows it."""
    return f'<p class="notice">{_one_line(text)}</p>'


def _one_line(value: object) -> Markup:
    """Escaped text with an element for each line break of any kind."""
    text = value if isinstance(value, str) else str(value)
    return Markup("<br>").join(line for line in text.splitlines() if line.strip())


def _isolated(text: str) -> Markup:
    """Escaped text that keeps its direction of writing to itself."""
    return Markup("<bdi>{}</bdi>").format(_one_line(text))


def _publishers(sources: tuple[Source, ...]) -> list[str]:
    """The different publishers of sources, titles in place of missing ones."""
    return list(dict.fromkeys(source.publisher or source.title for source in sources))


def _best(answer: Answer) -> list[int]:
    """The number of the first citation of each side that no other side has taken; empty if a side has none."""
    best: list[int] = []
    for side in answer.sides:
        best += [number for number in side.numbers if number not in best][:1]
    return best if len(best) == len(answer.sides) else []


_ESCAPED = PAGES.overlay(finalize=_one_line)
_ESCAPED.filters = {
    **PAGES.filters,
    "bdi": _isolated,
    "by_article": by_article,
    "is_all": is_all,
    "lead": lead,
    "origin": origin_of,
    "quoted": quoted,
    "receipt": receipt_of,
    "publishers": _publishers,
    "side_by_side": _best,
}
_SOURCE = (HERE / "templates" / "answer.html").read_text("utf-8").splitlines()
_ANSWER = _ESCAPED.from_string("".join(map(str.strip, _SOURCE)))
