"""Acronyms and other words that mean the same: what is said with one form is found with the other."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from app.answering.ways.synonyms import Form, Text
from app.answering.ways.way import Known, Mention, Way
from index.passages.chunking import Passage

_MOST = 3  # readings of a question
_EQUALS = " = "


class Acronyms(Way):
    """A form that the articles define, as in "Belt and Road Initiative (BRI)", or a word of the owner's synonyms.

    An acronym counts only in capitals: "IT" may be a department, "it" never is.
    """

    kind = "acronym"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """Each form with each that means the same, at most three; none whose other form is in the question, too."""
        mentions = (
            Mention(self.kind, _EQUALS.join(form.written for form in sorted([own, other], key=_order)), written)
            for written, own, others in known.synonyms.found(text)
            for other in others
        )
        return islice(mentions, _MOST)

    def readings(self, text: str, mention: Mention) -> Sequence[str]:
        """The question with the other form."""
        here, other = _forms(mention)
        if not Text.of(mention.text).holds(here):
            here, other = other, here
        words = rf"(?<![A-Za-z0-9]){re.escape(mention.text)}(?![A-Za-z0-9])"
        return (re.sub(words, lambda _: other.written, text),)

    def suits(self, passage: Passage, mention: Mention, *, reading: bool) -> bool:
        """Whether the wording has the passage's own form; with both forms the first, an acronym, which weighs less.

        A definition, which holds both, would else come before passages that tell more. Passages with neither form are
        scored by the question as asked.
        """
        first, second = _forms(mention)
        text = _text(passage)
        standing = [form for form in (first, second) if text.holds(form)]
        asked = Text.of(mention.text).holds(first)
        return (standing[0] is (second if asked else first) if standing else False) is reading

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the passage holds either form."""
        return any(map(_text(passage).holds, _forms(mention)))


def _text(passage: Passage) -> Text:
    return Text.of(f"{passage.article.title}\n{passage.text}")


def _forms(mention: Mention) -> tuple[Form, Form]:
    first, _, second = mention.value.partition(_EQUALS)
    return Form.of(first), Form.of(second)


def _order(form: Form) -> tuple[bool, str]:
    """Acronyms first."""
    return not form.exact, form.written
