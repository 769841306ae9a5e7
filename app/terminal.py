"""An answer as text for a terminal: numbered quotes with their sources."""

import shlex
import textwrap
from collections.abc import Iterator

from app.answering.answer import Answer
from app.answering.citation import Citation
from app.answering.language import chosen
from app.answering.smalltalk import Help
from index.reading.freshness import State

_WIDTH = 100
_RECEIPTS: dict[State, str] = {
    "verified": "file checked",
    "unchecked": "file not checked: its folder cannot be seen from here",
    "changed": "file changed this moment",
    "gone": "file removed this moment",
}


def answer_text(answer: Answer, *, colour: bool) -> str:
    """The answer in lines of at most 100 columns; the best sentence is bold, or between » and «."""
    return "\n\n".join([_help(answer.help)] if answer.help else [*_preferred(answer), *_body(answer, colour)])


def _help(reply: Help) -> str:
    lines = [textwrap.fill(reply.text, _WIDTH)]
    lines += [_indented(f"{link.title} {link.link}") for link in reply.articles]
    return "\n".join([*lines, *(_indented(text) for text in reply.examples)])


def _indented(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _body(answer: Answer, colour: bool) -> Iterator[str]:
    if answer.respelled:
        words = ", ".join(f"{word} → {read}" for word, read in answer.respelled.items())
        yield f"Read as spelt nearly so: {words} (not so with --ignore spelling)"
    yield from (textwrap.fill(chosen().say(f"note.{note}"), _WIDTH) for note in answer.notes)
    if answer.absent:
        yield textwrap.fill(chosen().say("answer.absent", names=", ".join(answer.absent)), _WIDTH)
    if answer.answered:
        yield from (_entry(citation, colour) for citation in answer.citations)
        return
    if answer.verdict == "related":
        yield "The articles may not answer this. The nearest passages:"
    else:
        yield "The articles do not say."
        if answer.closest:
            yield "Closest passages, which do not answer:"
    yield from (_entry(citation, colour) for citation in answer.closest)


def _preferred(answer: Answer) -> Iterator[str]:
    """The names in the question that were preferred, and the option that ignores them."""
    if answer.preferences:
        names = ", ".join(mention.text for mention in answer.preferences)
        without = " ".join(f"--ignore {shlex.quote(mention.key)}" for mention in answer.preferences)
        yield f"Put first, as the question names it: {names} (not so with {without})"


def _entry(citation: Citation, colour: bool) -> str:
    before, after = ("\x1b[1m", "\x1b[0m") if colour else ("»", "«")
    (start, end), quote = citation.highlight[0], citation.quote
    shown = f"{quote[:start]}{before}{quote[start:end]}{after}{quote[end:]}"
    lines = [_indented(line) for line in shown.split("\n")]
    page = f"page {citation.page}" if citation.page else ""
    about = ", ".join(part for part in (citation.title, citation.publisher, citation.published, page) if part)
    if names := dict.fromkeys(source.publisher or source.title for source in citation.sources):
        lines.append(_indented(f"based on {'; '.join(names)}"))
    if citation.also_in:
        lines.append(_indented(f"also in {'; '.join(link.title for link in citation.also_in)}"))
    return "\n".join([f"[{citation.number}] {about}  ({_RECEIPTS[citation.receipt]})", *lines, f"    {citation.link}"])
