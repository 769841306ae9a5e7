"""Which earlier questions a question is read after, and how much they count."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from app.answering.conversation.rewriting import Rewriting, dated, fragment, rewritten
from app.answering.conversation.smalltalk import is_small_talk
from app.answering.conversation.steps import Step, step_of
from app.answering.inventory.recognition import inventory_question, list_before
from app.answering.ways.times.counts import COUNT
from index.keywords.tokenizer import has_words, is_value, tokenise
from index.patterns import lazy
from index.search.questions.names import names_of
from index.search.questions.question import ALONE, Context, Question

HISTORY = "history"  # what `ignore` says for a question that is to be read alone
_REACH = 3  # earlier questions that count
_LOOKED_AT = 20  # earlier questions of which these are the last that have a subject
# Shares of a score, for questions of few terms, for others that lean, and for others; 0 to .7 was tried with own and
# with unrelated histories.
_SHORT, _LEANING, _PRESENT = 0.6, 0.5, 0.35
_NAMED = 3  # index terms before a word that points back: it then points at them
_WHOLE = 2  # index terms of a question without an auxiliary verb that is understood alone
_TIMES = "year|month|week|day|morning|afternoon|evening|night|summer|winter|spring|autumn|weekend|time"
_POINTS_BACK = lazy(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|those|these|former|latter|the (?:\w+ )?ones?)\b"
    rf"|\bthis\b(?! (?:{_TIMES})\b)"
    r"|\b(?:in|on|at|of|for|to|by|with|under|after|before|since|during|compare|contrast|is|are|was|were|do|does|did|has|had"
    r"|can|could|will|would|should) that\b|\bthat was\b|\bso(?=[ ?.!]*$)"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )\bthere\b(?! (?:is|are|was|were|be|have|has|had)\b)"
    r"|\b(?:back|until|since|by) then\b|\bthe (?:previous|earlier|same) \w+\b"
    r"|[它他她]|前者|后者|[这那][些个次位项种时]",
    re.IGNORECASE,
)
_CLAUSE = lazy(r"[,;，；]|\b(?:and|but|if|when|before|after|while|because|so that)\b")
_OWNER = lazy(r"its|their|his|her", re.IGNORECASE)  # most often of something in the same sentence
_GOES_ON = lazy(
    r"^(?:(?:ok|okay|well|yes|no)\b[,.!]? )?(?:and|but|or|so|what about|how about|which one)\b"
    rf"|^(?:那么?|再)?{COUNT}年[之以]?[前后]"
    r"|^(?:那|还有|以及)|^.{1,12}呢[？?]?$|^(?:the same|compared (?:with|to)|versus|vs)\b|^(?:19|20)\d\d[?？]?$"
    r"|^是?(?:在|到|从|由|有|因)?(?:什么时候|何时|哪里|哪儿|谁|为什么|为何|怎么|多少|多久|几个|哪些?)(?:说|这样|会这样)?的?[呢啊吗]?[?？]?$",
    re.IGNORECASE,
)
_OPENS = lazy(
    r"^(?:who|whom|whose|what|which|where|when|why|how|since|from|in|on|at|by|until|for|to|with|of)\b", re.IGNORECASE
)
_VERB = lazy(
    r"\b(?:is|are|was|were|be|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp(Question):
    """A question of a conversation that was typed as `asked` after those in `after`, and is searched as `text`.

    It is a `step` from the answer to that, or else puts the words of `focus` into a question before it.
    """

    asked: str = ""
    after: tuple[str, ...] = ()
    focus: str = ""
    step: Step | None = None

    @property
    def meant(self) -> str:
        """The question that is searched, empty where that has the words that were typed."""
        return "" if self.text == self.asked else self.text


@dataclass(frozen=True, slots=True)
class Thread:
    """The last questions of a conversation on one subject: as they were `asked`, and as they are `understood`.

    The first one that is understood stands alone.
    """

    asked: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()

    def after(self, text: str) -> "Thread":
        """The thread with another question, which begins a new one if it stands alone."""
        if meaning := self.meaning(text):
            return Thread((*self.asked, text), (meaning.text,))
        if _stands_alone(text):
            return Thread((text,), (text,))
        return Thread((*self.asked, text), (*self.understood, text))

    def meaning(self, text: str) -> Rewriting | None:
        """The whole question that a follow-up means; None if its words do not tell."""
        return rewritten(text, self.understood[0]) if self.understood else None

    def dated(self, text: str) -> Rewriting | None:
        """A follow-up with the year that it means; None if it tells none by that of the thread."""
        return dated(text, self.understood[0]) if self.understood else None


def question_after(text: str, earlier: Sequence[str], ignore: Collection[str] = ()) -> Question:
    """The question, read after the earlier ones of a conversation (oldest first) that name a subject.

    Small talk names none, nor do questions about the whole collection. A question for more of a list is read after all
    from the one that asked for the list. With HISTORY in `ignore` it is read alone. Raises BadQuestion.
    """
    question = Question(text)
    if HISTORY in ignore:
        return question
    if turned := list_before(text, earlier):
        return Question(text, Context(turned, _SHORT, leads=True))
    if (step := step_of(text)) and (stepped := _stepped(question.text, step, earlier)):
        return stepped
    subjects = [other for other in earlier[-_LOOKED_AT:] if _has_subject(other)]
    thread = reduce(Thread.after, subjects, Thread())
    if meaning := thread.meaning(question.text):
        return FollowUp(meaning.text, asked=question.text, after=thread.asked[-_REACH:], focus=meaning.focus)
    context = context_of(question.text, subjects, thread.understood)
    meaning = thread.dated(question.text) or Rewriting(question.text, fragment(question.text))
    if context.leads and meaning.focus:
        return FollowUp(meaning.text, context, question.text, context.questions, meaning.focus)
    return Question(text, context)


def _stepped(text: str, step: Step, earlier: Sequence[str]) -> FollowUp | None:
    """The last question that is no step itself, with this step from its answer; None without any."""
    before = list(earlier)
    number = step.number
    while before and ((last := step_of(before[-1])) or not _has_subject(before[-1])):
        number += step.kind != "passage" and last is not None and last.kind == step.kind
        before.pop()
    if not before:
        return None
    base = question_after(before[-1], before[:-1])
    focus = base.focus if isinstance(base, FollowUp) else ""
    return FollowUp(base.text, base.context, text, (before[-1],), focus, replace(step, number=number))


def context_of(question: str, earlier: Sequence[str], thread: Sequence[str] = ()) -> Context:
    """The last earlier questions that differ from this one, oldest first, and their weight; ALONE without any.

    They lead if the question leans on them; those of the `thread` that it continues are then the first and the last of
    that. Otherwise it is understood alone, and they help to order
    the passages that are found, most for a question of one or two terms.
    """
    asked = tuple(other for other in earlier if other.strip().casefold() != question.casefold())[-_REACH:]
    if not asked:
        return ALONE
    leads = leans(question)
    if leads and thread:
        asked = tuple(dict.fromkeys((*thread[:1], *thread[1:][-(_REACH - 1) :])))
    share = _SHORT if _count(question) < _NAMED else _LEANING if leads else _PRESENT
    return Context(asked, share, leads)


def _has_subject(text: str) -> bool:
    """Whether a text may be what a question after it points back to."""
    about = inventory_question(text)
    return has_words(text) and not is_small_talk(text) and not step_of(text) and (about is None or bool(about.subject))


def leans(question: str) -> bool:
    """Whether a question cannot be understood alone.

    It goes on from the one before ("And in 2024?"), points back before it has named anything itself
    ("Where do they work?"), or has neither a verb nor two terms besides numbers ("How many members?").
    """
    if _GOES_ON.search(question):
        return True
    pointers = (match for match in _POINTS_BACK.finditer(question) if match[0] not in ("IT", "HE", "HER"))
    pointer = next(pointers, None)
    if pointer is not None and not _names_something(question[: pointer.start()], pointer[0]):
        return True
    terms = [term for term in tokenise(question) if not is_value(term)]
    return len(terms) < _WHOLE and _OPENS.search(question) is not None and not _VERB.search(question)


def _stands_alone(text: str) -> bool:
    """Whether a question surely begins a subject of its own: it points at nothing, and has a name or three terms."""
    if leans(text) or _POINTS_BACK.search(text):
        return False
    return _count(text) >= _NAMED or bool(names_of(text))


def _count(text: str) -> int:
    """The number of index terms of a text, those that stand for a date as a whole aside."""
    return sum(term[0] != "=" for term in tokenise(text))


def _names_something(before: str, pointer: str) -> bool:
    """Whether the words before one that points back give it something to point at."""
    terms = tokenise(before)
    enough = len(terms) >= _NAMED - bool(_OWNER.fullmatch(pointer))
    return enough or bool(names_of(before)) or bool(terms and _CLAUSE.search(before))
