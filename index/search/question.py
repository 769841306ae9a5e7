"""A question and its context: checked, cleaned and joined for search."""

from dataclasses import dataclass

from index.articles.article import clean
from index.errors import BadQuestion
from index.keywords.tokenizer import has_words

MAX_CHARACTERS = 2_000


def checked(question: str) -> str:
    """The question in NFC on one line, without control characters.

    Raises BadQuestion for an empty question, over 2,000 characters, or without words.
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
    """Earlier questions, oldest first, and the weight of the score for the question after them, in [0, 1]."""

    questions: tuple[str, ...] = ()
    share: float = 0.0

    @property
    def leads(self) -> bool:
        """Whether scores and highlights refer to the question after its context rather than alone."""
        return bool(self.questions) and self.share >= 0.5


ALONE = Context()


def with_context(question: str, context: Context) -> str:
    """The question after its earlier questions; only the last 2,000 characters."""
    return " ".join([*context.questions, question])[-MAX_CHARACTERS:]


def understood(question: str, context: Context) -> str:
    """The question with its context if the context leads, else the question alone."""
    return with_context(question, context) if context.leads else question
