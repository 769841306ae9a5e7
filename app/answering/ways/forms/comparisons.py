"""Comparisons: each of two things that a question sets side by side has its best passage among the first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.answering.ways.forms.comparatives import asked_alone
from app.answering.ways.forms.pairs import pair_in
from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import tokenise, words_of
from index.passages.chunking import Passage
from index.patterns import lazy
from index.search.hits import Hit, held
from index.search.questions.names import name_terms

_NAMED = 0.5  # of the terms of a side without a name, from which a passage names it
_OPENING = 60  # characters of a passage: its heading, or its first words
_CONTINUED = lazy(r"[a-z]|[^:：;；\n]{1,80}: [^;\n]{1,200};")  # a cut list or the row of a table: no heading
_ASIDE = 0.8  # worth of a passage that does not open with its side; chosen from 0.7 to 1


@dataclass(frozen=True, slots=True)
class Side:
    """Side of a comparison: its words in the question, and the numbers of the citations that name it."""

    label: str
    numbers: tuple[int, ...]


class Comparisons(Way):
    """Two things that are compared: a mention for each."""

    kind = "comparison"
    notes = ("side_missing",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """Both sides, in the order of the question."""
        return [Mention(self.kind, half.label, half.label) for half in pair_in(text)]

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: the sides are shown with their passages."""
        return False

    def alone(self, text: str, mention: Mention) -> str | None:
        """The question about this side alone."""
        return next((asked_alone(half.question) for half in pair_in(text) if half.label == mention.value), None)

    def worth(self, passage: Passage, mention: Mention, others: Sequence[Mention]) -> float:
        """Most for a passage that opens with this side, none for one without the side's name."""
        label, other = mention.value, " ".join(each.value for each in others)
        names = name_terms(f"of {label}") - name_terms(f"of {other}")
        if not names <= _told(passage):
            return 0.0
        terms = frozenset(tokenise(label)) - frozenset(tokenise(other))
        against = frozenset(tokenise(other)) - frozenset(tokenise(label))
        opening = words_of(_opening(passage.text))
        opens = _share(names or terms, opening) >= _NAMED and _share(against, opening) < _NAMED
        return 1.0 if opens else _ASIDE

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """`side_missing` where no passage names the side."""
        return "side_missing" if hits and not any(names_side(hit.passage, mention.value) for hit in hits) else None


def sides_of(hits: Sequence[Hit], mentions: Iterable[Mention], best: Mapping[Mention, Hit]) -> tuple[Side, ...]:
    """The sides of a comparison with the numbers of their passages, from 1; none where a side has no passage.

    The number of the best one is the first.
    """
    sides = [mention for mention in mentions if mention.kind == Comparisons.kind]
    numbers = {side: _numbers(hits, side.value, best.get(side)) for side in sides}
    return tuple(Side(side.value, numbers[side]) for side in sides) if sides and all(numbers.values()) else ()


def _numbers(hits: Sequence[Hit], label: str, best: Hit | None) -> tuple[int, ...]:
    is_best = [best is not None and hit.passage == best.passage for hit in hits]
    told = [n for n, hit in enumerate(hits, 1) if is_best[n - 1] or names_side(hit.passage, label)]
    return tuple(sorted(told, key=lambda n: not is_best[n - 1]))


def _opening(text: str) -> str:
    """The heading or the first words of a passage; empty where it goes on from the passage before."""
    return "" if _CONTINUED.match(text) else text[:_OPENING].partition("\n")[0]


def names_side(passage: Passage, label: str) -> bool:
    """Whether a passage holds the names in the label, or without any half of its terms."""
    names = name_terms(f"of {label}")
    return names <= _told(passage) if names else _share(frozenset(tokenise(label)), _told(passage)) >= _NAMED


def _told(passage: Passage) -> frozenset[str]:
    """The index terms of a passage, its title, its publishers and its date."""
    article = passage.article
    about = (article.publisher, article.published, *(source.publisher for source in article.sources))
    return held(passage) | words_of(" ".join(about))


def _share(terms: frozenset[str], words: frozenset[str]) -> float:
    return len(terms & words) / len(terms) if terms else 0.0
