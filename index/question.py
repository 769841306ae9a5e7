"""A question as it came in to one that can be searched."""

from index.articles import clean
from index.errors import BadQuestion
from index.tokens import has_words

MAX_CHARACTERS = 2_000


def checked(question: str) -> str:
    """The question in NFC on one line, without control characters.

    Raises BadQuestion where it is empty, over 2,000 characters or holds no word.
    """
    if len(question) > MAX_CHARACTERS:
        raise BadQuestion(
            f"the question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are read. Shorten it"
        )
    text = " ".join(clean(question).split())
    if not text:
        raise BadQuestion("the question is empty. Ask in plain words")
    if not has_words(text):
        raise BadQuestion(f"the question {text[:40]!r} holds no word. Ask in plain words")
    return text
