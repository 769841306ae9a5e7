"""Pasted text: a long text, such as a mail, is searched by the sentence in it that asks."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from app.answering.conversation.followup import context_of, leans
from app.answering.conversation.smalltalk import is_small_talk
from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import has_words, tokenise, word_spans
from index.keywords.vocabulary import inverse_document_frequencies
from index.passages.chunking import Passage
from index.passages.sentences import sentence_spans
from index.patterns import lazy
from index.search.hits import Hit
from index.search.questions.names import names_of
from index.search.questions.question import Question

_LONG = 50  # words of a text in which a question is looked for; a Chinese character is half a word
_SHOWN = 200  # characters of the sentence in a chip
_TELLING = 0.5  # of the most telling sentence's worth, from which another is no mere politeness
_UNKNOWN = 0.25  # of its idf: what a term of a question that no passage has is worth
_TERMS = 2  # of a sentence without its asides, at least
_BEFORE = 3  # sentences before one that leans on them
_QUESTION_WORD = (
    r"(?:how (?:many|much|long|far|old|often|big|high|large|heavy|fast|deep|tall|do|does|can)"
    r"|who|whom|whose|what|when|where|which|why)"
)
_WH = lazy(rf"^(?:and |but |so )?{_QUESTION_WORD}\b", re.IGNORECASE)
_BEHIND = rf"[:;] (?:(?:on|at|in|by|for|to|from|up to) )?{_QUESTION_WORD}\b.{{8,}}"  # "Next mystery: on which day …"
_QUESTION = lazy(rf"[?？][”\"'’」』）)\]]*$|{_WH.pattern}|(?:吗|呢)[。！]?$", re.IGNORECASE)
_SMALL = lazy(r"(?<=\w{3}[.!?]) (?=[a-z])")  # where a sentence begins with a small letter
_POLITE = lazy(
    r"\b(?:can|could|may|might|would|will) (?:you|i|we)\b|\bhelp (?:me|us)\b|\bhow are you\b"
    r"|能否|可否|可以吗|好吗|行吗",
    re.IGNORECASE,
)
_ASKS = lazy(
    rf"\b(?:tell|know|knowing|hear|confirm|wonder|wondering|find out|interested in)\b.{{0,40}}"
    rf"\b(?:{_QUESTION_WORD}|whether|if|about)\b"
    r"|\b(?:tell (?:me|us)|(?:need|like|want|have) to know(?! (?:before|by|until|soon|as))"
    rf"|my question|looking for|please (?:explain|list|name))\b|{_BEHIND}"
    r"|请问|想知道|想了解|请告诉|请告知|请说明|问题是",
    re.IGNORECASE,
)


# Questions that people put to each other, not to articles: "Did you have a good time?", "Isn't it mild?".
_PERSONAL = lazy(
    r"\bhow (?:are things|is (?:life|it going|your)|was your|have you been)\b"
    r"|\bhow['’]s (?:life|it|your)\b|\byou['’]?re (?:all )?(?:well|keeping)\b"
    r"|\b(?:did|have|has|was|is|are|were) (?:you|your)(?! (?:allowed|open|closed)\b)\b"
    r"|\b(?:is|was|does|did|do|could|have)n['’]?t (?:it|that|you|they|we)\b|\bwho would have thought\b|\bguess what\b"
    r"|\bdo(?:n['’]t)? you (?:think|remember|also|know what)\b|\bcan you (?:believe|imagine)\b|\bwas that\b"
    r"|\byou know (?:what|how)\b|最近怎么样|身体好吗",
    re.IGNORECASE,
)
# What mail programs and chats put in front of a line, and lines that are theirs alone.
_MARKED = lazy(
    r"^\s*(?:>\s?)*(?:\[?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?\]?,? (?:- )?[^:\n]{1,40}: )?", re.I
)
_HEADER = lazy(
    r"(?:from|sent|to|cc|subject|date|re|fwd?|von|gesendet|an|betreff|datum|发件人|收件人|发送时间|主题)[:：].*"
    r"|[-_=*\s]+.*[-_=*]{2,}",
    re.IGNORECASE,
)
# What a sentence that asks says of the person who asks: "…, as my cousin has passed his test".
_ASIDE = lazy(
    r"^(?:dear|hi|hello|hey|evening|morning|right|anyway|so|well)\b[^,:!?]{0,40}[,:!] (?=\S+ \S+)"
    r"|,? (?:as|since|because|for|so that) (?:my|our|i|we|he|she|they|it|the)\b(?![^,]*\?).*$",
    re.IGNORECASE,
)
_SIGNATURE = lazy(r"^-- ?$", re.MULTILINE)


class Pasted(Way):
    """The sentence that asks, in a text of several sentences and more than fifty words."""

    kind = "pasted"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The sentence that asks, if the text is long."""
        sentences = _sentences(text)
        if len(sentences) > 1 and _length(text) > _LONG:
            quoted = _sentences("\n".join(line for line in text.split("\n") if line.startswith(">")))
            sentence = _without_asides(sentences[_asking(sentences, known, quoted)])
            yield Mention(self.kind, sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN]}…", sentence)

    def reworded(self, text: str, mention: Mention) -> str:
        """The sentence alone."""
        return mention.text if mention.text in text else text

    def explained(
        self, passage: Passage, mention: Mention, known: Known, search: Callable[[], Sequence[Hit]]
    ) -> bool | None:
        """None: which sentence was read is no matter of the passage."""
        return None


def unpasted(question: Question, known: Known, ignore: Collection[str] = ()) -> tuple[Question, tuple[Mention, ...]]:
    """The question in a pasted text with its mention, or else the question as it is.

    A sentence that cannot be understood alone is read after those before it. Earlier questions are shortened, too.
    """
    earlier = [_asked_in(text, known) for text in question.context.questions]
    mention = next(iter(Pasted().recognise(question.text, known)), None)
    if mention is None or mention.key in ignore:
        return replace(question, context=replace(question.context, questions=tuple(earlier))), ()
    before = _before(question.text, mention.text) if leans(mention.text) else ""
    context = context_of(mention.text, [*earlier, before] if before else earlier)
    return Question(mention.text, context), (mention,)


def _asked_in(text: str, known: Known) -> str:
    return next((mention.text for mention in Pasted().recognise(text, known)), text)


def _before(text: str, sentence: str) -> str:
    """The sentences before this one, back to the first that is understood alone."""
    sentences = _sentences(text)
    place = next(row for row, each in enumerate(sentences) if sentence in each)
    first = next((row for row in range(place - 1, 0, -1) if not leans(sentences[row])), 0)
    return " ".join(sentences[max(first, place - _BEFORE) : place])


def _sentences(text: str) -> list[str]:
    """The sentences of a text, without marks of mail programs and chats, headers and the signature."""
    lines = (_MARKED.sub("", line) for line in _SIGNATURE.split(text)[0].split("\n"))
    kept = (line for line in lines if not _HEADER.fullmatch(line))
    pieces = (piece for line in kept for span in sentence_spans(line) for piece in _SMALL.split(line[slice(*span)]))
    return [piece for piece in pieces if has_words(piece)]


def _length(text: str) -> float:
    return sum(1 if text[start].isascii() or end - start > 1 else 0.5 for start, end in word_spans(text))


def _asking(sentences: Sequence[str], known: Known, quoted: Sequence[str]) -> int:
    """The row of the sentence that asks: the last question that tells, else the most telling sentence.

    Sentences such as "Please tell me about bees." ask, too, and questions such as "How are you?" and those in `quoted`
    lines of an earlier mail where there are no others.
    """
    asking = [row for row, text in enumerate(sentences) if _is_question(text) or _ASKS.search(text)]
    rows = [row for row in asking if not _is_personal(sentences[row])] or asking
    rows = [row for row in rows if sentences[row] not in quoted] or rows
    worths = _worths(sentences, known, _UNKNOWN if rows else 0)
    if not rows:
        return worths.index(max(worths))
    for row in rows:
        if row and leans(sentences[row]):  # it asks about the one before
            worths[row] += worths[row - 1]
    most = max(worths[row] for row in rows)
    return [row for row in rows if worths[row] >= _TELLING * most][-1]


def _is_personal(sentence: str) -> bool:
    return is_small_talk(sentence) or _PERSONAL.search(sentence) is not None


def _without_asides(sentence: str) -> str:
    """The sentence without salutation and the reason for asking, if several words are left."""
    rest = _ASIDE.sub("", sentence)
    return rest if len(tokenise(rest)) >= _TERMS else sentence


def _is_question(sentence: str) -> bool:
    """Whether a sentence is a question, and no mere politeness ("Could you reply by noon?")."""
    asks = _ASKS.search(sentence) or _WH.match(sentence) or names_of(sentence)
    polite = _POLITE.search(sentence) and not asks
    return _QUESTION.search(sentence) is not None and not polite


def _worths(sentences: Sequence[str], known: Known, unknown: float) -> list[float]:
    """The sum of the idf of each sentence's terms; that of terms that no passage has is multiplied by `unknown`."""
    terms = [frozenset(tokenise(sentence)) for sentence in sentences]
    every = frozenset[str]().union(*terms)
    idfs, told = inverse_document_frequencies(every, known.vocabulary), known.vocabulary.document_frequencies(every)
    return [sum(idfs[term] * (1 if term in told else unknown) for term in each) for each in terms]
