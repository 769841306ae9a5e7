"""An answer in words alone: for screen readers, and as Markdown for a transcript."""

import re

from app.answering.answer import Answer
from app.answering.citation import Citation
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
        return _plain(answer.help.text)
    said = _plain(answer.listing.text if answer.listing else "")
    if not answer.listing and not answer.answered:
        said = language.say(f"answer.{answer.verdict}")
    quotes = [_quote(citation, language) for citation in answer.citations or answer.closest]
    return "\n\n".join([*([said] if said else []), *quotes, language.say("chat.build", build=answer.build)])


def _quote(citation: Citation, language: Language) -> str:
    place = language.place(citation.place, recognised=citation.recognised)
    changed = language.say("answer.committed", date=citation.changed) if citation.changed else ""
    about = ", ".join(part for part in (citation.publisher, citation.published, changed, place) if part)
    quoted = "\n".join(f"> {_plain(line)}" for line in citation.quote.split("\n"))
    source = f"[{_plain(citation.title)}]({language.kept(citation.link)})"
    kind = "fetched" if citation.fetched else citation.receipt
    receipt = language.say(f"answer.{kind}", date=citation.fetched)
    return f"{quoted}\n\n{citation.number}. {source}{f', {_plain(about)}' if about else ''} ({receipt})"


def _plain(text: str) -> str:
    """A line of text with a backslash before each mark of Markdown."""
    return _LINE_MARKS.sub(r"\1\\", " ".join(text.split()).translate(_MARKS))
