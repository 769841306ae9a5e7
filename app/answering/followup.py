"""Which earlier questions a question is read after, and how much they count."""

import re
from collections.abc import Collection, Sequence

from app.answering.smalltalk import is_small_talk
from index.keywords.tokenizer import tokenise
from index.search.questions.question import ALONE, Context, Question

HISTORY = "history"  # what `ignore` says for a question that is to be read alone
_REACH = 3  # earlier questions that count
_LEADING, _PRESENT = 0.6, 0.25  # shares of a score; 0 to .7 was tried with own and with unrelated histories
_SHORT = 3  # a question with fewer words that tell something leans on the one before it
_NAMED = 2  # words that tell something, before a word that points back: it then points at them
_POINTS_BACK = re.compile(
    r"\b([Ii]ts?|[Tt]hey|[Tt]hem|[Tt]heir|[Hh]e|[Hh]im|[Hh]is|[Ss]he|[Hh]er|[Tt]hose|[Tt]hese|former|latter)\b"
    r"|^([Aa]nd|[Bb]ut|[Oo]r|[Ww]hat about|[Hh]ow about|[Ww]hich one)\b"
    r"|[它他她]|前者|后者|^(那|还有)"
)


def question_after(text: str, earlier: Sequence[str], ignore: Collection[str] = ()) -> Question:
    """The question, read after the earlier ones of a conversation (oldest first) that are no small talk.

    With HISTORY in `ignore` it is read alone. Raises BadQuestion.
    """
    question = Question(text)
    if HISTORY in ignore:
        return question
    return Question(text, context_of(question.text, [other for other in earlier if not is_small_talk(other)]))


def context_of(question: str, earlier: Sequence[str]) -> Context:
    """The last earlier questions, oldest first, and how much they count; nothing without any.

    They lead where the question leans on them: where it is short, or where a word points back
    before the question has named anything itself. Elsewhere they count a little: most questions of
    a conversation stay with its topic, and one that does not has words of its own to outweigh them.
    """
    asked = tuple(earlier[-_REACH:])
    return Context(asked, _LEADING if _leans(question) else _PRESENT) if asked else ALONE


def _leans(question: str) -> bool:
    if len(tokenise(question)) < _SHORT:
        return True
    pointer = _POINTS_BACK.search(question)
    return pointer is not None and len(tokenise(question[: pointer.start()])) < _NAMED
