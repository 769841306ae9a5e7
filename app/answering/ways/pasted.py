"""Pasted text: a long text, such as a mail, is searched by the sentence in it that asks."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from app.answering.followup import context_of, leans
from app.answering.ways.way import Known, Mention, Way
from index.keywords.tokenizer import tokenise, word_spans
from index.keywords.vocabulary import inverse_document_frequencies
from index.passages.sentences import sentence_spans
from index.search.questions.question import Question

_LONG = 50  # words of a text in which a question is looked for; a Chinese character is half a word
_SHOWN = 200  # characters of the sentence in a chip
_TELLING = 0.5  # of the most telling sentence's worth, from which another is no mere politeness
_UNKNOWN = 0.25  # of its idf: the worth of a term that no passage has
_BEFORE = 2  # sentences before one that leans on them
_QUESTION_WORD = r"(?:how (?:many|much|long|far|old|often)|who|whom|whose|what|when|where|which|why)"
# Questions, else sentences that ask for something, else any sentence.
_ASKS = (
    re.compile(
        rf"[?？][”\"'’」』）)\]]*$|^(?:and |but |so )?{_QUESTION_WORD}\b(?!ever)|(?:吗|呢)[。！]?$", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:tell|know|wonder|wondering|ask|find out|interested in|need)\b.{{0,80}}\b(?:{_QUESTION_WORD}|"
        r"whether|if|about)\b|\b(?:question|looking for|please (?:tell|explain|find|give|list|send|name))\b"
        r"|请问|想知道|想了解|请告诉|请告知|请说明|请查|问题是|什么|多少|哪|谁|几[个年月天]|是否|如何|怎么|为何",
        re.IGNORECASE,
    ),
)


class Pasted(Way):
    """The sentence that asks, in a text of several sentences and more than fifty words."""

    kind = "pasted"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The sentence that asks, if the text is long."""
        sentences = _sentences(text)
        if len(sentences) > 1 and _length(text) > _LONG:
            sentence = sentences[_asking(sentences, known)]
            yield Mention(self.kind, sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN]}…", sentence)

    def reworded(self, text: str, mention: Mention) -> str:
        """The sentence alone."""
        return mention.text if mention.text in text else text


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
    sentences = _sentences(text)
    place = sentences.index(sentence)
    return " ".join(sentences[max(0, place - _BEFORE) : place])


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text) if tokenise(text[start:end])]


def _length(text: str) -> float:
    return sum(1 if text[start].isascii() or end - start > 1 else 0.5 for start, end in word_spans(text))


def _asking(sentences: Sequence[str], known: Known) -> int:
    """The row of the sentence that asks: of questions the last that tells, of other sentences the most telling."""
    worths = _worths(sentences, known)
    for asks in _ASKS:
        if rows := [row for row, sentence in enumerate(sentences) if asks.search(sentence)]:
            most = max(worths[row] for row in rows)
            return [row for row in rows if worths[row] >= _TELLING * most][-1]
    return worths.index(max(worths))


def _worths(sentences: Sequence[str], known: Known) -> list[float]:
    """The sum of the idf of each sentence's terms; those that no passage has count a quarter."""
    terms = [frozenset(tokenise(sentence)) for sentence in sentences]
    every = frozenset().union(*terms)
    idfs, told = inverse_document_frequencies(every, known.vocabulary), known.vocabulary.document_frequencies(every)
    return [sum(idfs[term] * (1 if term in told else _UNKNOWN) for term in each) for each in terms]
