"""An answer as the chat shows it: cards of escaped HTML, each on one line, which Gradio keeps as they are."""

from collections.abc import Collection
from html import escape

from app.answering.answer import SPELLING, Answer
from app.answering.citation import Citation
from app.answering.followup import HISTORY
from app.answering.language import Language
from app.answering.links import ArticleLink
from app.answering.smalltalk import Help
from index.articles.article import Source

_OPEN_CARDS = 3  # the others are folded away


def answer_html(answer: Answer, language: Language, base: str = "", ignored: Collection[str] = ()) -> str:
    """The whole answer as one line of HTML in which nothing of an article or a person is markup.

    The link to the list of articles begins with `base`, as the answer's own links do; `ignored` is
    what the question was asked without, which can be taken back.
    """
    if answer.help:
        body = _help(answer.help, language, base)
    elif answer.answered:
        body = _cards(answer.citations, language)
    else:
        cards = "".join(_card(citation, language) for citation in answer.closest)
        warning = f'<p class="context">{one_line(language.say("answer.closest_only"))}</p>'
        closest = _folded(language.say("answer.closest"), warning + cards, kind="closest") if cards else ""
        body = f'<p class="no-answer">{one_line(language.say("answer.none"))}</p>{closest}'
    return f'<section class="answer">{_context(answer, language)}{_chips(answer, language, ignored)}{body}</section>'


def message_html(text: str) -> str:
    """A sentence of our own or of a person's, escaped, as the chat shows it."""
    return f'<p class="said">{one_line(text)}</p>'


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


def _help(told: Help, language: Language, base: str) -> str:
    """What the chat can do, examples to press, and articles to open."""
    examples = "".join(f'<li><button class="example">{one_line(text)}</button></li>' for text in told.examples)
    parts = [f"<p>{one_line(told.text)}</p>"]
    if told.articles:
        every = ArticleLink("", language.say("chat.articles"), f"{base}/articles")
        parts.append(
            f'<ul class="listed">{"".join(f"<li>{_opening(link, language)}</li>" for link in told.articles)}</ul>'
        )
        parts.append(f"<p>{_opening(every, language)}</p>")
    return "".join([*parts, f'<ul class="examples">{examples}</ul>'])


def _opening(link: ArticleLink, language: Language) -> str:
    return f'<a href="{escape(language.kept(link.link))}" target="_blank">{_isolated(link.title)}</a>'


def _context(answer: Answer, language: Language) -> str:
    """What the question was read with, beside its own words."""
    lines = []
    if answer.section:
        lines.append(language.say("answer.section", name=_isolated(answer.section)))
    if given := answer.filters.to_json():
        parts = [_filter(name, value, language) for name, value in given.items()]
        lines.append(language.say("answer.filtered", filters=" · ".join(parts)))
    lines += [one_line(language.say(f"note.{note}")) for note in answer.notes]
    return "".join(f'<p class="context">{line}</p>' for line in lines)


def _filter(name: str, value: str | list[str], language: Language) -> str:
    values = [value] if isinstance(value, str) else value
    return f"{one_line(language.say(f'filters.{name}'))} {', '.join(map(_isolated, values))}"


def _chips(answer: Answer, language: Language, ignored: Collection[str]) -> str:
    """A button for each thing that the question was read with beside its words, and for each left out."""
    given = {p.key: language.say("answer.preferred", text=_isolated(p.text)) for p in answer.preferences}
    if answer.history_used:
        questions = " ".join(f"“{_isolated(question)}”" for question in answer.history_used)
        given = {HISTORY: language.say("answer.read_after", questions=questions), **given}
    if answer.respelled:
        words = ", ".join(f"“{_isolated(word)}” → “{_isolated(read)}”" for word, read in answer.respelled.items())
        given = {SPELLING: language.say("answer.respelled", words=words), **given}
    left_out = {key: _left_out(key, language) for key in sorted(ignored)}
    chips = [_chip(key, html, language) for key, html in given.items()]
    chips += [_chip(key, html, language, off=True) for key, html in left_out.items()]
    return f'<p class="chips">{"".join(chips)}</p>' if chips else ""


def _left_out(key: str, language: Language) -> str:
    if key == HISTORY:
        return one_line(language.say("answer.read_alone"))
    if key == SPELLING:
        return one_line(language.say("answer.as_spelt"))
    return language.say("answer.not_preferred", text=_isolated(key.partition(":")[2]))


def _chip(key: str, html: str, language: Language, *, off: bool = False) -> str:
    """Gradio keeps no `aria-label`, so what pressing it does is a text that is heard alone."""
    kind, does = ("chip off", "answer.take_back") if off else ("chip", "answer.leave_out")
    heard = f'<span class="heard">{one_line(language.say(does))} </span>'
    return f'<button class="{kind}" value="{one_line(key)}">{heard}<span class="label">{html}</span></button>'


def _cards(citations: tuple[Citation, ...], language: Language) -> str:
    shown = "".join(_card(citation, language) for citation in citations[:_OPEN_CARDS])
    rest = citations[_OPEN_CARDS:]
    if not rest:
        return shown
    label = language.say("answer.more_one" if len(rest) == 1 else "answer.more", count=len(rest))
    return shown + _folded(label, "".join(_card(citation, language) for citation in rest))


def _card(citation: Citation, language: Language) -> str:
    link = escape(language.kept(citation.link))
    page = language.say("answer.page", page=citation.page) if citation.page else ""
    about = " · ".join(_isolated(part) for part in (citation.publisher, citation.published, page) if part)
    return (
        '<article class="card">'
        f'<header><span class="number">{citation.number}</span> '
        f'<a class="title" href="{link}" target="_blank">{_isolated(citation.title)}</a> '
        f'<span class="about">{about}</span></header>'
        f"<blockquote>{marked(citation.quote, citation.highlight)}</blockquote>"
        f"{_also_in(citation.also_in, language)}"
        f"{_folded(one_line(language.say('answer.why')), '', kind='why')}"
        f"<footer>{_based_on(citation.sources, language)}{_receipt(citation, language)}"
        f'<a href="{link}" target="_blank">{one_line(language.say("answer.open"))}</a></footer>'
        "</article>"
    )


def _also_in(links: tuple[ArticleLink, ...], language: Language) -> str:
    if not links:
        return ""
    opened = ", ".join(_opening(link, language) for link in links)
    return f'<p class="also">{language.say("answer.also_in", links=opened)}</p>'


def _receipt(citation: Citation, language: Language) -> str:
    """What a look at the live file gave; no citation of a changed file is ever shown."""
    text = one_line(language.say(f"answer.{citation.receipt}"))
    return f'<span class="receipt {citation.receipt}">{text}</span>'


def _based_on(sources: tuple[Source, ...], language: Language) -> str:
    if not sources:
        return ""
    items = "".join(f"<li>{_source(source)}</li>" for source in sources)
    names = list(dict.fromkeys(source.publisher or source.title for source in sources))
    name = "answer.based_on_more" if len(names) > 2 else "answer.based_on"
    label = language.say(name, names=", ".join(_isolated(name) for name in names[:2]), count=len(names) - 2)
    return _folded(label, f"<ul>{items}</ul>", kind="sources")


def _source(source: Source) -> str:
    title = _isolated(source.title)
    linked = f'<a href="{escape(source.url)}" target="_blank">{title}</a>' if source.url else title
    return ", ".join([linked, *(_isolated(part) for part in (source.publisher, source.date) if part)])


def _folded(label: str, html: str, kind: str = "more") -> str:
    """A part to be opened; its label is HTML, too."""
    return f'<details class="{kind}"><summary>{label}</summary>{html}</details>'


def _isolated(text: str) -> str:
    """Escaped, and with its direction of writing kept to itself."""
    return f"<bdi>{one_line(text)}</bdi>"


def _escaped(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
