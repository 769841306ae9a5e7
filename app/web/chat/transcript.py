"""An answer in words alone: for screen readers, and as Markdown for a transcript."""

import re
from dataclasses import replace

from app.answering.answer import Answer
from app.answering.citation import Citation, chosen_of, origin_of, outdated, receipt_of
from app.answering.language import Language

_LINE_MARKS = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")  # at the beginning of a line: of a list, or below a heading
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~$&"})


def heard(answer: Answer, language: Language) -> str:
    """The verdict and the sentence that answers, in one or two sentences."""
    if answer.help:
        return answer.help.text
    if answer.listing:
        return answer.listing.text
    if not answer.citations:
        return language.say(f"answer.{answer.verdict}")
    first = answer.citations[0]
    quote = " ".join(first.quote[slice(*first.highlight[0])].split())
    return language.say("heard.answer", quote=quote, title=first.title)


def markdown(answer: Answer, language: Language) -> str:
    """The answer as Markdown, with each quote, its source and its receipt, and the name of the build.

    No text of an article is markup in it. Addresses begin with a slash where they lie on this server.
    """
    if answer.help:
        return escaped(answer.help.text)
    language = replace(language, trial="")  # the key to a visitor's own files stays with the visitor
    said = escaped(answer.listing.text if answer.listing else "")
    if not answer.listing and not answer.answered:
        said = language.say(f"answer.{answer.verdict}")
    quotes = [_quote(citation, language) for citation in answer.citations or answer.closest]
    return "\n\n".join([*([said] if said else []), *quotes, language.say("chat.build", build=answer.build)])


def _quote(citation: Citation, language: Language) -> str:
    about = ", ".join([*origin_of(citation, language), *chosen_of(citation, language)])
    quoted = "\n".join(f"> {escaped(line)}" for line in citation.quote.split("\n"))
    source = f"[{escaped(citation.title)}]({language.kept(citation.link)})"
    said = f"{citation.number}. {source}{f', {escaped(about)}' if about else ''} ({receipt_of(citation, language)})"
    return "\n\n".join([quoted, said, *map(escaped, outdated(citation, language))])


def escaped(text: str) -> str:
    """A line of text with a backslash before each mark of Markdown."""
    return _LINE_MARKS.sub(r"\1\\", " ".join(text.split()).translate(_MARKS))
