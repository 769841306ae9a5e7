"""The reply to a question: small talk, a list of articles, or the passages that answer it."""

from collections.abc import Collection as Names
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Protocol

from app.answering.answer import INCOMPLETE, LISTING, NO_MORE, OTHER_LANGUAGE, Answer, K, notes_of, respelled_in
from app.answering.citation import Citation, citation_of
from app.answering.collection import Collection
from app.answering.conversation.followup import FollowUp
from app.answering.conversation.further import retrieved
from app.answering.conversation.smalltalk import help_for
from app.answering.inventory.inventory import Inventory
from app.answering.inventory.recognition import inventory_question
from app.answering.pinned.leading import pinned_hits, with_pinned
from app.answering.retrieval import Retrieved
from app.answering.sections import Section
from app.answering.suggestions.next_questions import next_questions
from app.answering.ways import all as ways
from app.answering.ways.forms.comparisons import sides_of
from app.answering.ways.times.newer import newer_of
from app.answering.ways.way import Mention
from app.answering.ways.words.foreign import article_languages
from index.articles.filters import EVERYTHING, Filters
from index.search.hits import Hit
from index.search.questions.question import Question


@dataclass(frozen=True, slots=True)
class Wishes:
    """Wishes beside a question.

    Articles of the `section` are preferred, and only what passes the `filters` is searched. `ignore` holds keys of
    mentions, or SPELLING. Links begin with `base`; `today` is the date of today unless it is given. Small talk gets
    help with the owner's `examples`; with `suggest` an answer has next questions; a list that the question asks for
    begins after `offset` articles.
    """

    section: Section | None = None
    filters: Filters = EVERYTHING
    ignore: Names[str] = ()
    base: str = ""
    examples: Sequence[str] = ()
    suggest: bool = True
    today: date | None = None
    offset: int = 0


NO_WISHES = Wishes()


class Observer(Protocol):
    """Somebody who measures answers: told of each in the thread that makes it."""

    def begin(self) -> None:
        """An answer begins."""

    def end(self, answer: Answer) -> None:
        """The answer is there."""


OBSERVERS: list[Observer] = []  # of this process; empty unless it serves and is measured


def answer_of(collection: Collection, question: Question, k: int = K, wishes: Wishes = NO_WISHES) -> Answer:
    """The answer to a question with at most `k` citations.

    Articles that the question names are preferred. Raises BadFilter, and BadModel where the reranker fails.
    """
    for observer in OBSERVERS:
        observer.begin()
    answer = _answer_of(collection, question, k, wishes)
    if (servers := collection.searcher.store.incomplete) and not answer.help:
        answer = replace(answer, notes=(*answer.notes, f"{INCOMPLETE}:{servers}"))
    for observer in OBSERVERS:
        observer.end(answer)
    return answer


def _answer_of(collection: Collection, question: Question, k: int, wishes: Wishes) -> Answer:
    filters = collection.searcher.facets.resolved(wishes.filters)
    build, nothing = collection.searcher.manifest.name, collection.rule.support(None)
    blank = Answer(question.text, "none", (), (), build, nothing, filters=filters)
    if isinstance(question, FollowUp):
        blank = replace(blank, question=question.asked, read_as=question.meant, step=question.step)
    if reply := help_for(question.text, collection.searcher.articles, wishes.examples):
        return replace(blank, help=reply)
    pins = () if blank.step else collection.pins.for_question(question.text)
    if pinned := pinned_hits(pins, filters, collection.searcher, collection.freshness):
        return _found(collection, question, k, wishes, blank, pinned=pinned[:k])
    return _listed(collection, question, k, wishes, blank) or _found(collection, question, k, wishes, blank)


def _listed(collection: Collection, question: Question, k: int, wishes: Wishes, blank: Answer) -> Answer | None:
    """The answer to a question about the collection itself; None for any other question, or one to be searched."""
    about = inventory_question(
        question.text, question.context.questions, collection.searcher.facets.publishers, wishes.today
    )
    if about is None or blank.step or f"{LISTING}:{about.kind}" in wishes.ignore:
        return None
    inventory = Inventory(collection.searcher, collection.freshness, blank.filters)
    listing, hits = inventory.listing(about, wishes.offset, wishes.base)
    answered = replace(
        blank,
        listing=listing,
        preferences=(Mention(LISTING, about.kind, question.text),),
        history_used=_list_asked_by(question, about.page),
    )
    if not listing.total:
        return answered
    citations = _cited(collection, hits[:k], wishes)
    return replace(answered, verdict="answer", support=-blank.support, citations=citations)


def _list_asked_by(question: Question, page: int) -> tuple[str, ...]:
    """The earlier questions that a question about the collection was read after."""
    if isinstance(question, FollowUp):
        return question.after
    return question.context.questions[:1] if page else ()


def _found(
    collection: Collection, question: Question, k: int, wishes: Wishes, blank: Answer, *, pinned: Sequence[Hit] = ()
) -> Answer:
    """The answer from passages, the pinned ones first."""
    retrieve = partial(
        collection.retrieve, section=wishes.section, filters=blank.filters, ignore=wishes.ignore, today=wishes.today
    )
    found = retrieved(question, k, retrieve, collection.rule, collection.searcher.manifest.background)
    found = with_pinned(found, pinned, k)
    answers = found.verdict == "answer"  # where passages do not answer, no words in them are set off as if they did
    hits = found.hits if answers else [hit.marking(hit.best_sentence) for hit in found.hits]
    citations = _cited(collection, hits, wishes, len(pinned))
    if answers:
        known = collection.known(wishes.today)
        newer = newer_of([*hits, *found.others], found.question.text, known, wishes.base)
        citations = tuple(replace(each, newer=newer.get((each.article, each.start))) for each in citations)
    told = _told(collection, question, found, citations, wishes)
    if wishes.suggest and found.verdict != "none":
        cited, asked = [hit.passage for hit in hits], (question.text, blank.question, *question.context.questions)
        told["next"] = next_questions(cited, asked, collection.searcher.articles, wishes.section)
    shown: dict[str, Any] = {"citations" if answers else "closest": citations}
    return replace(blank, section=wishes.section.name if wishes.section else None, **shown, **told)


def _cited(collection: Collection, hits: Sequence[Hit], wishes: Wishes, pinned: int = 0) -> tuple[Citation, ...]:
    """The citations of hits, the first of which are pinned."""
    known, freshness = collection.known(wishes.today), collection.freshness
    cited = (citation_of(number, hit, known, freshness, wishes.base) for number, hit in enumerate(hits, 1))
    return tuple(replace(citation, pinned=citation.number <= pinned) for citation in cited)


def _told(
    collection: Collection, question: Question, found: Retrieved, citations: Sequence[Citation], wishes: Wishes
) -> dict[str, Any]:
    """The fields of an answer beside its passages."""
    reading, known = collection.spelling(wishes.ignore).reading(found.question), collection.known(wishes.today)
    absent = ways.absent(question.text, reading.respelled, found.hits, found.mentions, known)
    notes = notes_of(reading, citations, filtered=bool(wishes.filters))
    context = question.context
    matters = context.leads or found.verdict != "none"  # a refused question that stands alone was read alone
    used = context.questions if matters and any(hit.in_context for hit in found.hits) else ()
    if isinstance(question, FollowUp) and question.meant:
        used = question.after
        notes = (*notes, *([NO_MORE] if question.step and not found.hits else []))
    if found.verdict != "answer" and (codes := _other_languages(collection, question.text)):
        notes = (*notes, f"{OTHER_LANGUAGE}:{', '.join(codes)}")
    return {
        "verdict": found.verdict,
        "support": found.support,
        "history_used": used,
        "preferences": ways.telling(found.mentions, known),
        "notes": (*notes, *ways.notes_on(found.hits, found.mentions)),
        "sides": sides_of(found.hits, found.mentions, found.best),
        "respelled": respelled_in(found.question.understood, reading, found.hits),
        "absent": tuple(name.typed for name in absent),
    }


def _other_languages(collection: Collection, text: str) -> tuple[str, ...]:
    searcher = collection.searcher
    return article_languages(text, searcher.articles, searcher.facets, searcher.store.vocabulary)
