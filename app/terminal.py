"""An answer as text for a terminal: numbered quotes with their sources."""

import shlex
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from app.answering.answer import SPELLING, Answer
from app.answering.citation import Citation, chosen_of, origin_of, outdated, receipt_of
from app.answering.conversation.smalltalk import Help
from app.answering.inventory.listing import Listing
from app.answering.language import Language, chosen

_WIDTH = 100
_ENGLISH = chosen("en")
_BOLD, _UNDERLINED = ("\x1b[1m", "\x1b[0m"), ("\x1b[4m", "\x1b[24m")


def answer_text(answer: Answer, language: Language = _ENGLISH, *, colour: bool) -> str:
    """The answer in lines of at most 100 characters; the best sentence is bold, or between » and «.

    The words in it that answer are underlined, or between ** and **.
    """
    if answer.help:
        return _help(answer.help)
    if answer.listing:
        return "\n\n".join([*_said(answer, language), *_listing(answer.listing, language)])
    citations = answer.citations or answer.closest
    entries = (_entry(citation, language, colour) for citation in citations)
    asked_next = [_next(answer.next, language)] if answer.next else []
    return "\n\n".join([*_said(answer, language), *entries, *asked_next])


def _next(questions: Sequence[str], language: Language) -> str:
    return f"{language.say('answer.next')}: {' · '.join(questions)}"


def _help(reply: Help) -> str:
    lines = [textwrap.fill(reply.text, _WIDTH)]
    return "\n".join([*lines, *(_indented(text) for text in reply.examples)])


def _listing(listing: Listing, language: Language) -> Iterator[str]:
    """The paragraphs of a list: its sentence, its articles or topics, and which of all articles are shown."""
    yield textwrap.fill(listing.text, _WIDTH)
    if listing.topics:
        yield "\n".join(_indented(f"{topic.name} ({language.number(topic.count)})") for topic in listing.topics)
    for number, article in enumerate(listing.articles, listing.offset + 1):
        about = ", ".join(part for part in (article.title, article.publisher, article.published) if part)
        yield "\n".join([f"[{number}] {about}", _indented(article.quote), f"    {article.link}"])
    if len(listing.articles) < listing.total and listing.articles:
        yield listing.span(language)


def _indented(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _said(answer: Answer, language: Language) -> Iterator[str]:
    """The paragraphs before the passages; the last is the verdict, unless the articles answer."""

    def ignorable(text: str, keys: Iterable[str]) -> str:
        options = " ".join(f"--ignore {shlex.quote(key)}" for key in keys)
        return language.say("answer.ignorable", text=text, options=options)

    for mention in answer.preferences:
        said = language.say(language.chip(mention.kind, mention.value), text=mention.text, value=mention.value)
        yield ignorable(said, [mention.key])
    if answer.respelled:
        pairs = ((language.say("answer.quoted", text=text) for text in pair) for pair in answer.respelled.items())
        words = ", ".join(" → ".join(pair) for pair in pairs)
        yield ignorable(language.say("answer.respelled", words=words), [SPELLING])
    for note in answer.notes:
        name, value = language.note(note)
        yield textwrap.fill(language.say(name, value=value), _WIDTH)
    if answer.sides:
        yield "  ".join(f"{side.label}: {' '.join(f'[{number}]' for number in side.numbers)}" for side in answer.sides)
    if answer.absent:
        yield textwrap.fill(language.say("answer.absent", names=", ".join(answer.absent)), _WIDTH)
    if answer.verdict == "related":
        yield language.say("answer.related")
    elif answer.verdict == "none" and not answer.listing:
        yield language.say("answer.none")
        if answer.closest:
            yield language.say("answer.closest_only")


def _entry(citation: Citation, language: Language, colour: bool) -> str:
    lines = [_indented(line) for line in _marked(citation, colour).split("\n")]
    about = ", ".join([citation.title, *origin_of(citation, language), *chosen_of(citation, language)])
    if names := dict.fromkeys(source.publisher or source.title for source in citation.sources):
        lines.append(_indented(language.say("answer.based_on", names="; ".join(names))))
    if citation.also_in:
        titles = "; ".join(link.title for link in citation.also_in)
        lines.append(_indented(language.say("answer.also_in", links=titles)))
    lines += [_indented(line) for line in outdated(citation, language)]
    return "\n".join(
        [f"[{citation.number}] {about}  ({receipt_of(citation, language)})", *lines, f"    {citation.link}"]
    )


def _marked(citation: Citation, colour: bool) -> str:
    """The quote with its best sentence and the words that answer marked."""
    sentence, words = (_BOLD, _UNDERLINED) if colour else (("»", "«"), ("**", "**"))
    places = [(place, mark) for span in citation.highlight for place, mark in zip(span, sentence, strict=True)]
    inner = [(place, mark) for span in citation.answer for place, mark in zip(span, words, strict=True)]
    shown = citation.quote
    # From the end, so that places stay right; at one place the sentence's mark is the outer one.
    for place, mark in sorted([*places[1:], *inner, *places[:1]], key=lambda pair: pair[0], reverse=True):
        shown = shown[:place] + mark + shown[place:]
    return shown
