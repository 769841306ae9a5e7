"""Texts as HTML with marked spans and, in them, the words that answer. No character is added or lost."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from index.passages.sentences import Span

_MARK, _STRONG = Markup("<mark>{}</mark>"), Markup("<strong>{}</strong>")


def marked(text: str, highlight: Sequence[Span], answer: Sequence[Span] = ()) -> Markup:
    """The text with its highlighted spans in `<mark>`, and in these the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for start, end in highlight:
        parts += [escape(text[position:start]), _MARK.format(with_answer(text[start:end], start, answer))]
        position = end
    return Markup("").join([*parts, escape(text[position:])]).replace("\n", Markup("<br>"))


def with_answer(text: str, offset: int, answer: Sequence[Span]) -> Markup:
    """Escaped text from this offset of a longer one, the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for first, last in answer:
        start, end = max(first - offset, position), min(last - offset, len(text))
        if start < end:
            parts += [escape(text[position:start]), _STRONG.format(text[start:end])]
            position = end
    return Markup("").join([*parts, escape(text[position:])])
