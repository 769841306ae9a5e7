"""Acronyms and other words that mean the same: what is said with one form is found with the other."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.words.synonyms import Form, Text
from index.passages.chunking import Passage

_MOST = 3  # readings of a question
_EQUALS = " = "
_split = lru_cache(maxsize=256)(Text.of)  # passages and wordings: each is looked through for several wordings


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
        """The question with the other form, and with both: "the Belt and Road Initiative (BRI)"."""
        acronym, long = _forms(mention)
        other = long if _split(mention.text).holds(acronym) else acronym
        words = re.compile(rf"(?<![A-Za-z0-9]){re.escape(mention.text)}(?![A-Za-z0-9])")
        both = f"{long.written} ({acronym.written})"
        return tuple(words.sub(lambda _: written, text) for written in (other.written, both))  # noqa: B023

    def suits(self, passage: Passage, mention: Mention, wording: str) -> bool:
        """Whether the wording has the passage's own form: with both forms the acronym, with neither the one as asked.

        The long form weighs more, so that a definition, which holds both, would come before passages that tell more.
        The wording with both suits no passage: it only tells how near the passages come to what is asked.
        """
        forms, text = _forms(mention), _text(passage)
        asked = [form for form in forms if _split(mention.text).holds(form)]
        own = [form for form in forms if text.holds(form)] or asked
        return [form for form in forms if _split(wording).holds(form)] == own[:1]

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the passage holds either form."""
        return any(map(_text(passage).holds, _forms(mention)))


def _text(passage: Passage) -> Text:
    return _split(f"{passage.article.title}\n{passage.text}")


@lru_cache(maxsize=256)
def _forms(mention: Mention) -> tuple[Form, Form]:
    first, _, second = mention.value.partition(_EQUALS)
    return Form.of(first), Form.of(second)


def _order(form: Form) -> tuple[bool, str]:
    """Acronyms first."""
    return not form.exact, form.written
