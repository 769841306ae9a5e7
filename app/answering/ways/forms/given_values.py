"""Given values: "What grew by 26.6%?" gives a number and asks for the thing or time that it belongs to."""

import re
from collections.abc import Iterable, Sequence

from app.answering.ways.way import Known, Mention, Way
from index.articles.dates import dates_in
from index.keywords.numbers import Number, numbers_in
from index.keywords.sentence_terms import above
from index.keywords.tokenizer import tokenise, words_of
from index.keywords.values import blanked, values_in
from index.patterns import lazy
from index.search.hits import Hit
from index.search.values.kinds import holds_kind, number_asked

_ASKS = lazy(
    r"^(?:(?:and|but|so),? )?(?:in |on |at |by )?(?:what|which|who|when|where)\b|哪|什么|谁|何时", re.IGNORECASE
)
_HAN_WORDS = lazy("什么(?:时候)?|哪(?:一?[个年天些])?|谁|何时|[是为的了达到]")  # that only ask or join
_NAMED = lazy(r"[A-Z][\w.]*[ -]?\Z")
_RISE = frozenset("grew grow grown growth rise rose risen increas climb up".split())
_FALL = frozenset("fell fall fallen declin decreas drop sank down".split())
_TIMES = frozenset("year month day date time".split())


class GivenValues(Way):
    """A question that gives a number and asks for no other."""

    kind = "value"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The numbers of a question that asks what, who, where or when."""
        if _ASKS.search(text) and number_asked(text) in (None, "date"):
            yield from (Mention(self.kind, each.values[0], text[each.start : each.end]) for each in _numbers(text))

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: whether the passages hold the number is no matter of choice."""
        return False

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the first marked sentence holds the numbers and, with title and heading, all that is said of them.

        Numbers must have the same unit; words for a rise stand for each other, as do those for a fall.
        """
        if not hits:
            return False
        passage, text = hits[0].passage, hits[0].passage.article.text[slice(*hits[0].best_sentence)]
        spans = [span for value in values_in(question) for span in value.spans]
        rest = _HAN_WORDS.sub(" ", blanked(question, spans))
        stated = {(each.values[0], each.unit) for each in numbers_in(text)}
        given = {(each.values[0], each.unit) for each in _numbers(question)}
        held = words_of(text).union(*map(words_of, above(passage.article, passage.start)))
        held = held.union(*(family for family in (_RISE, _FALL) if held & family))
        if holds_kind(text, "date") and number_asked(question) == "date":
            held |= _TIMES
        said = tokenise(rest)
        return bool(given and said) and given <= stated and held.issuperset(said)


def _numbers(text: str) -> list[Number]:
    """The numbers of a text, without dates, years and those of a name, such as "Apollo 11" or 311P."""
    dates = dates_in(text)
    return [
        each
        for each in numbers_in(text)
        if not any(date.start < each.end and each.start < date.end for date in dates)
        and not holds_kind(text[each.start : each.end], "date")
        and not _NAMED.search(text, 0, each.start)
        and (each.unit or not text[each.end : each.end + 1].isascii() or not text[each.end : each.end + 1].isalpha())
    ]
