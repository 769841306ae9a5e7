"""A question as it came in to one that can be searched."""

from dataclasses import dataclass

from index.articles.article import clean
from index.errors import BadQuestion
from index.keywords.tokenizer import has_words

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


@dataclass(frozen=True, slots=True)
class Context:
    """Earlier questions, oldest first, and how much of a score is that of the question read after them."""

    questions: tuple[str, ...] = ()
    share: float = 0.0

    @property
    def leads(self) -> bool:
        """Whether the question is understood after them rather than alone."""
        return bool(self.questions) and self.share >= 0.5


ALONE = Context()


def with_context(question: str, context: Context) -> str:
    """The question after its earlier questions, cut at its beginning to 2,000 characters."""
    return " ".join([*context.questions, question])[-MAX_CHARACTERS:]


def understood(question: str, context: Context) -> str:
    """The question as it is to be understood: with its context where that leads, else alone."""
    return with_context(question, context) if context.leads else question
