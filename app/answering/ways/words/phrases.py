"""Phrases: words in quotation marks; passages with these very words come first."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from app.answering.decision import Verdict
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.words.verbatim import QUOTED, holds, quoted, same
from index.arrays import Scores
from index.keywords.tokenizer import has_words, tokenise, word_spans
from index.passages.chunking import Passage
from index.patterns import lazy
from index.search.hits import Hit

_LEFT_OUT = lazy(r"(?:(?:^|\s)-|\b(?:NOT|but not|except(?: for)?|excluding|without) )$")
# Marks around a few words of a longer question most often set off a name or a term, which the passage that answers may
# word otherwise: they bring a passage forward only from this share of the best score. More words are a quotation.
_NEAR, _QUOTATION = 0.8, 4
_LOCATES = lazy(r"^(?:who|whose|where|which)\b|哪|谁", re.IGNORECASE)
_BESIDE = 4  # index terms beside the phrase in a question that asks where it stands or who says it
_TITLE_REACH = 8  # characters by which a title and a phrase of the same words may differ


class Phrases(Way):
    """Words in quotation marks, which are also the title of an article where one has it.

    A single character of a CJK script is no phrase. The text of the mention has its quotation marks only where the
    question is nothing but phrases.
    """

    kind = "phrase"
    depth = 100
    notes = ("phrase_absent",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The phrases, without those that are to be left out."""
        alone = not has_words(QUOTED.sub(" ", text))
        for match, words in quoted(text):
            if _is_phrase(words) and not _LEFT_OUT.search(text, 0, match.start()):
                yield Mention(self.kind, words, match[0] if alone else words)

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the quotation marks; the words stay."""
        for match, words in quoted(text):
            if words == mention.value:
                text = text.replace(match[0], match[0][1:-1])
        return text

    def weights(self, mention: Mention, known: Known) -> Scores | None:
        """1 for each article with the phrase as its title."""
        titles = known.articles.column("title")
        length = len(mention.value)
        called = [
            bool(title) and abs(len(title) - length) <= _TITLE_REACH and same(title, mention.value) for title in titles
        ]
        return np.array(called, np.float32) if any(called) else None

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages with the most phrases first; up to three words of a longer question only move hits that are near."""
        near = _NEAR * max((hit.score for hit in hits), default=0.0)
        strict = {mention.key for mention in mentions if _is_strict(mention)}

        def held(hit: Hit) -> int:
            counted = (mention for mention in mentions if mention.key in strict or hit.score >= near)
            return sum(_holds(hit.passage, mention) for mention in counted)

        return sorted(hits, key=held, reverse=True)

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the first hit holds the phrase, and little but where it stands or who says it is asked."""
        if not any(_holds(hit.passage, mention) for hit in hits[:1]):
            return False
        beside = set(tokenise(question)).difference(tokenise(mention.value))
        locates = _LOCATES.search(question) is not None and len(beside) <= _BESIDE
        return _is_alone(mention) or (locates and len(word_spans(mention.value)) > 1)

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` where the question is nothing but the phrase and no hit holds it."""
        lowered = verdict == "answer" and _is_alone(mention) and self.note(hits, mention)
        return "related" if lowered else verdict

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """A note that no hit holds the phrase."""
        return None if any(_holds(hit.passage, mention) for hit in hits) else "phrase_absent"

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the passage holds the phrase, or its article is called so."""
        return _holds(passage, mention)


def _is_phrase(words: str) -> bool:
    """Whether there are words, and more than one character of a CJK script."""
    return has_words(words) and (len(words) > 1 or words.isascii())


def _is_strict(mention: Mention) -> bool:
    return _is_alone(mention) or len(word_spans(mention.value)) >= _QUOTATION


def _is_alone(mention: Mention) -> bool:
    return mention.text != mention.value and QUOTED.fullmatch(mention.text) is not None


def _holds(passage: Passage, mention: Mention) -> bool:
    return holds(passage.text, mention.value) or same(passage.article.title, mention.value)
