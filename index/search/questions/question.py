"""A question and its context: checked, cleaned and joined for search."""

from dataclasses import dataclass

from index.articles.article import clean
from index.errors import BadQuestion
from index.keywords.tokenizer import has_words

MAX_CHARACTERS = 2_000
_LONG = 200  # characters of a text whose lines may tell where a sentence ends


def checked(question: str) -> str:
    """The question in NFC without control characters, on one line; a long text such as a mail keeps its lines.

    Raises BadQuestion for an empty question, over 2,000 characters, or without words.
    """
    if len(question) > MAX_CHARACTERS:
        count, limit = len(question), MAX_CHARACTERS
        message = f"the question has {count:,} characters; at most {limit:,} are read. Shorten it"
        raise BadQuestion(message, "long", count=count, limit=limit)
    lines = (" ".join(line.split()) for line in clean(question).splitlines())
    text = ("\n" if len(question) > _LONG else " ").join(filter(None, lines))
    if not text:
        raise BadQuestion("the question is empty. Ask in plain words", "empty")
    if not has_words(text):
        raise BadQuestion(f"the question {text[:40]!r} holds no word. Ask in plain words", "wordless", text=text[:40])
    return text


@dataclass(frozen=True, slots=True)
class Context:
    """Earlier questions, oldest first, and the weight of the score for the question after them, in [0, 1].

    If the context `leads`, the question cannot be understood alone: features and highlights refer to
    the question after its context.
    """

    questions: tuple[str, ...] = ()
    share: float = 0.0
    leads: bool = False


ALONE = Context()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be searched, checked as it is made, and the context that it is read after.

    Raises BadQuestion as `checked` does.
    """

    text: str
    context: Context = ALONE

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked(self.text))

    @property
    def in_context(self) -> str:
        """The text after the earlier questions, cut at its beginning to 2,000 characters."""
        return " ".join([*self.context.questions, self.text])[-MAX_CHARACTERS:]

    @property
    def understood(self) -> str:
        """The text with its context where that leads, else alone."""
        return self.in_context if self.context.leads else self.text
