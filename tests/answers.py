"""An answer as the chat gives it, over any search."""

from collections.abc import Collection as Names
from collections.abc import Sequence
from typing import Any

from app.answering.answer import Answer, K
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.decision import DEFAULT, Rule
from app.answering.reply import Wishes, answer_of
from index.search.searcher import Searcher


def answer_to(
    searcher: Searcher,
    text: str,
    k: int = K,
    earlier: Sequence[str] = (),
    *,
    ignore: Names[str] = (),
    rule: Rule = DEFAULT,
    **options: Any,
) -> Answer:
    """The answer to a text after earlier questions; further options are those of `Wishes`."""
    question = question_after(text, earlier, ignore)
    return answer_of(Collection.of(searcher, rule), question, k, Wishes(ignore=ignore, **options))
