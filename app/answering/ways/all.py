"""All ways to ask: what they recognise in a question together, and what they do about it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from app.answering.decision import Verdict
from app.answering.ways.forms.cells import answers_by_row, lacks_asked_cell
from app.answering.ways.forms.comparisons import Comparisons
from app.answering.ways.forms.definitions import Definitions
from app.answering.ways.forms.extremes import Extremes
from app.answering.ways.forms.figures import lacks_asked_place, lacks_asked_year
from app.answering.ways.forms.given_values import GivenValues
from app.answering.ways.forms.pasted import Pasted
from app.answering.ways.forms.reasons import Reasons
from app.answering.ways.forms.units import Units
from app.answering.ways.times.as_of import AsOf
from app.answering.ways.times.dates import Dates
from app.answering.ways.times.newest import Newest, in_force_first
from app.answering.ways.times.periods import Events, News, Periods
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.words.acronyms import Acronyms
from app.answering.ways.words.exclusion import Demotions, Exclusions
from app.answering.ways.words.phrases import Phrases
from app.answering.ways.words.publishers import Publishers
from app.answering.ways.words.siblings import siblings_only
from index.arrays import Scores
from index.keywords.tokenizer import has_words
from index.passages.chunking import Passage
from index.search.hits import Hit
from index.search.questions.names import Name, names_of
from index.search.short_pieces import lacks_explanation

WAYS: dict[str, Way] = {
    way.kind: way
    for way in (
        Pasted(),
        Dates(),
        Publishers(),
        Acronyms(),
        Reasons(),
        Units(),
        Definitions(),
        Extremes(),
        Comparisons(),
        GivenValues(),
        Newest(),
        AsOf(),
        Periods(),
        News(),
        Events(),
        Demotions(),
        Phrases(),
        Exclusions(),
    )
}
_TIMES = frozenset((Dates.kind, Newest.kind, AsOf.kind, Periods.kind, News.kind, Events.kind))
_MOST = 10  # mentions of a question


def mentioned(text: str, known: Known, ignore: Collection[str] = ()) -> tuple[Mention, ...]:
    """The first ten mentions in a question, each once and in the order of WAYS, without those that are ignored."""
    found: dict[str, Mention] = {}
    for way in WAYS.values():
        for mention in way.recognise(text, known):
            found.setdefault(mention.key, mention)
    return tuple(islice((mention for mention in found.values() if mention.key not in ignore), _MOST))


def telling(mentions: Iterable[Mention], known: Known) -> tuple[Mention, ...]:
    """The mentions that are worth a chip."""
    return tuple(mention for mention in mentions if WAYS[mention.kind].tells(mention, known))


def reworded(text: str, mentions: Iterable[Mention]) -> str:
    """The question to search for; unchanged if no word would be left."""
    asked = text
    for mention in mentions:
        asked = WAYS[mention.kind].reworded(asked, mention)
    return asked if has_words(asked) else text


def searched(text: str, mentions: Iterable[Mention]) -> str:
    """The question without the words that are never searched for."""
    return reworded(text, (mention for mention in mentions if not WAYS[mention.kind].searches(mention)))


def readings(text: str, mentions: Iterable[Mention]) -> dict[str, Mention]:
    """Other wordings of the question whose passages are found as well, each with its mention."""
    return {other: each for each in mentions for other in WAYS[each.kind].readings(text, each)}


def alone(text: str, mentions: Iterable[Mention]) -> dict[str, Mention]:
    """Questions about one mention alone, whose best passages come first, each with its mention."""
    questions = ((WAYS[each.kind].alone(text, each), each) for each in mentions)
    return {question: each for question, each in questions if question}


def unmet(text: str, hits: Sequence[Hit], mentions: Iterable[Mention], known: Known) -> str:
    """The question without the words that some passage fits, even if it says so in other words."""
    for each in mentions:
        if any(WAYS[each.kind].fits(hit.passage, each, known) for hit in hits):
            text = text.replace(each.text, " ")
    return text


def absent(
    text: str, respelled: Mapping[str, str], hits: Sequence[Hit], mentions: Sequence[Mention], known: Known
) -> tuple[Name, ...]:
    """The numbers and rare names of a question that no hit holds in any wording.

    A name with a number, such as Tianwen-3, is one of them where the hits number it otherwise. `respelled` maps
    misspelt terms to their corrections.
    """
    lacking = frozenset.intersection(*(hit.lacks for hit in hits)) if hits else frozenset()
    names = names_of(reworded(unmet(text, hits, mentions, known), mentions))
    siblings = tuple(siblings_only(text, hits))
    alone = (each for each in names if lacking.intersection(respelled.get(form, form) for form in each.forms))
    return *siblings, *(each for each in alone if not any(each.typed in other.typed for other in siblings))


def verdict_without(verdict: Verdict, lacking: Sequence[Name]) -> Verdict:
    """The verdict on passages that lack these names: at most `related` where one is lacking as a whole.

    Passages that say "Linden" may answer a question about Port Linden.
    """
    typed = {name.typed for name in lacking}
    return "related" if verdict == "answer" and any(typed.issuperset(name.whole) for name in lacking) else verdict


def suits(passage: Passage, mentions: Iterable[Mention], wording: str) -> bool:
    """Whether the passage may be scored by this wording of the question."""
    return all(WAYS[each.kind].suits(passage, each, wording) for each in mentions)


def preferred(mentions: Iterable[Mention], known: Known) -> Scores:
    """The weight of each article for the mentions together, in [0, 1].

    Of several mentions of a kind the best counts; the weights of different kinds are added.
    """
    kinds: dict[str, Scores] = {}
    for mention in mentions:
        weights = WAYS[mention.kind].weights(mention, known)
        if weights is not None:
            kinds[mention.kind] = np.maximum(kinds.get(mention.kind, weights), weights)
    total = sum(kinds.values(), np.zeros(len(known.facets.first), np.float32))
    return np.asarray(total / max(1, total.max(initial=0)), np.float32)


def depth(mentions: Iterable[Mention]) -> int:
    """The number of hits that the ways have to see."""
    return max((WAYS[mention.kind].depth for mention in mentions), default=0)


def ordered(hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
    """The hits in the order that the mentions ask for: the way that comes last in WAYS orders most strictly.

    Without a time among the mentions, hits whose articles are outdated come behind alike ones.
    """
    if not any(mention.kind in _TIMES for mention in mentions):
        hits = in_force_first(hits, known)
    for kind, way in WAYS.items():
        if of_kind := [mention for mention in mentions if mention.kind == kind]:
            hits = way.ordered(hits, of_kind, known)
    return hits


_LACKS = (lacks_asked_cell, lacks_asked_year, lacks_asked_place)


def verdict_on(verdict: Verdict, hits: Sequence[Hit], mentions: Sequence[Mention], question: str) -> Verdict:
    """The verdict on these hits, raised where they settle the searched question, lowered where they lack a mention.

    It is lowered, too, where the first passage lacks the cell, the year of a number, the place in an order, or the
    explanation that is asked for.
    """
    settled = any(WAYS[mention.kind].settles(question, hits, mention) for mention in mentions)
    if settled or any(answers_by_row(question, hit) for hit in hits[:1]):
        verdict = "answer"
    elif any(lacks_explanation(question, hit) for hit in hits[:1]) and verdict == "answer":
        verdict = "related"
    for mention in mentions:
        verdict = WAYS[mention.kind].verdict(verdict, hits, mention)
    lacks = any(lack(question, hit) for hit in hits[:1] for lack in _LACKS)
    return "related" if verdict == "answer" and lacks else verdict


def notes_on(hits: Sequence[Hit], mentions: Iterable[Mention]) -> Iterator[str]:
    """Notes to show beside the passages, as `NAME:VALUE` with the value of their mention."""
    for mention in mentions:
        if name := WAYS[mention.kind].note(hits, mention):
            yield f"{name}:{mention.value}"


def fitting(
    passage: Passage, mentions: Iterable[Mention], known: Known, search: Callable[[], Sequence[Hit]]
) -> Iterator[tuple[Mention, bool]]:
    """The mentions that are worth a chip and ask something of passages, each with whether the passage is so.

    `search` gives the hits of the question.
    """
    for mention in telling(mentions, known):
        fits = WAYS[mention.kind].explained(passage, mention, known, search)
        if fits is not None:
            yield mention, fits
