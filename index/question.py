"""A question as it came in to one that can be searched."""

from collections.abc import Sequence

from index.articles import clean
from index.errors import BadQuestion
from index.tokens import has_words

MAX_CHARACTERS = 2_000


def checked(question: str) -> str:
    """The question in NFC on one line, without control characters.

    Raises BadQuestion where it is empty, over 2,000 characters or holds no word.
    """
    if len(question) > MAX_CHARACTERS:
        count, limit = f"{len(question):,}", f"{MAX_CHARACTERS:,}"
        message = f"the question has {count} characters; at most {limit} are read. Shorten it"
        raise BadQuestion(message, "long", count=count, limit=limit)
    text = " ".join(clean(question).split())
    if not text:
        raise BadQuestion("the question is empty. Ask in plain words", "empty")
    if not has_words(text):
        raise BadQuestion(f"the question {text[:40]!r} holds no word. Ask in plain words", "wordless", text=text[:40])
    return text


def with_context(question: str, context: Sequence[str]) -> str:
    """The question after the earlier questions of its context, cut at its beginning to 2,000 characters."""
    return " ".join([*context, question])[-MAX_CHARACTERS:]
