"""An answer as the chat shows it: HTML on one line, which Gradio keeps as it is."""

from collections.abc import Collection, Sequence

from markupsafe import Markup, escape

from app.answering.answer import Answer
from app.answering.citation import Citation
from app.answering.language import Language
from app.answering.links import ArticleLink
from app.web.pages import HERE, PAGES
from app.web.requests import TURNS_READ
from index.articles.article import Source
from index.passages.sentences import Span

_FOLDED = 80  # characters around a sentence that are worth folding
_MARK, _STRONG = Markup("<mark>{}</mark>"), Markup("<strong>{}</strong>")


def answer_html(answer: Answer, language: Language, base: str = "", ignored: Collection[str] = ()) -> str:
    """The whole answer as one line of HTML in which no text of an article or a person is markup.

    The link to the list of articles begins with `base`, as the answer's own links do; `ignored` are
    the keys that the question was asked without, which can be taken back.
    """

    def say(name: str, /, **values: object) -> Markup:
        return escape(language.texts[name]).format(**values)

    every = ArticleLink("", say("chat.articles"), f"{base}/articles")
    return _ANSWER.render(
        answer=answer,
        say=say,
        kept=language.kept,
        language=language,
        turns=TURNS_READ,
        every=every,
        ignored=sorted(ignored),
        ways=language.group("way"),
        named=language.chip,
    )


def message_html(text: str) -> str:
    """A sentence of our own or of a person's, escaped, as the chat shows it."""
    return f'<p class="notice">{_one_line(text)}</p>'


def marked(quote: str, highlight: Sequence[Span], answer: Sequence[Span] = ()) -> Markup:
    """The quote with its highlighted spans in `<mark>`, and in these the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for start, end in highlight:
        parts += [escape(quote[position:start]), _MARK.format(_with_answer(quote[start:end], start, answer))]
        position = end
    return Markup("").join([*parts, escape(quote[position:])]).replace("\n", Markup("<br>"))


def lead(citation: Citation) -> Markup:
    """The best sentence of a quote with the words that answer, to stand above the folded quote.

    Empty where no words answer, or the quote is hardly longer than the sentence: then the quote is shown as it is.
    """
    start, end = citation.highlight[0]
    if not citation.answer or len(citation.quote) - (end - start) < _FOLDED:
        return Markup("")
    return _with_answer(citation.quote[start:end], start, citation.answer).replace("\n", Markup(" "))


def _with_answer(text: str, offset: int, answer: Sequence[Span]) -> Markup:
    """Escaped text from this offset of a quote, the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for first, last in answer:
        start, end = max(first - offset, position), min(last - offset, len(text))
        if start < end:
            parts += [escape(text[position:start]), _STRONG.format(text[start:end])]
            position = end
    return Markup("").join([*parts, escape(text[position:])])


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
    "lead": lead,
    "marked": marked,
    "publishers": _publishers,
    "side_by_side": _best,
}
_SOURCE = (HERE / "templates" / "answer.html").read_text("utf-8").splitlines()
_ANSWER = _ESCAPED.from_string("".join(map(str.strip, _SOURCE)))
