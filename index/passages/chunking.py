"""Passages: spans of whole sentences, small enough for the encoder's limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from index.articles.article import Article
from index.passages.sentences import Span, sentence_spans

Count = Callable[[Sequence[str]], Sequence[int]]

_PIECE = 600  # characters: longer sentences are cut at a space near this point


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of an article; its text is read from the article, so it cannot drift from it."""

    article: Article
    start: int
    end: int

    @property
    def id(self) -> str:
        """`article:start-end`."""
        return f"{self.article.id}:{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """The verbatim characters of the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Chunking:
    """Passage size in tokens of the encoder: about `target`, never over `limit`."""

    target: int = 160
    limit: int = 240


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (or a piece of an over-long one) and its size; `opens_block` if it begins a block."""

    span: Span
    tokens: int
    heading: bool
    opens_block: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage's span and the spans of its sentences, without headings unless it has nothing else."""

    span: Span
    sentences: tuple[Span, ...]


def split(article: Article, count: Count, chunking: Chunking) -> list[Chunk]:
    """Cut an article into passages that cover every visible character.

    A heading always starts a passage and stays with the text below it; a passage prefers to end
    with a paragraph once it has reached half of the target. `count` gives the tokens of each text.
    """
    groups: list[list[Sentence]] = []
    for sentence in _sentences(article, count, chunking.limit):
        if not groups or _closes(groups[-1], sentence, chunking):
            groups.append([])
        groups[-1].append(sentence)
    return [_chunk(group) for group in _merge_tails(groups, chunking)]


def _closes(group: list[Sentence], following: Sentence, chunking: Chunking) -> bool:
    size = sum(sentence.tokens for sentence in group)
    if all(sentence.heading for sentence in group):
        return size + following.tokens > chunking.limit
    if following.heading or size + following.tokens > min(chunking.target, chunking.limit):
        return True
    return following.opens_block and size >= chunking.target // 2


def _merge_tails(groups: list[list[Sentence]], chunking: Chunking) -> list[list[Sentence]]:
    """Join a short rest of a section to the passage before it if the limit allows."""
    merged: list[list[Sentence]] = []
    for group in groups:
        size = sum(sentence.tokens for sentence in group)
        short = size < chunking.target // 4 and not group[0].heading
        if merged and short and size + sum(s.tokens for s in merged[-1]) <= chunking.limit:
            merged[-1] += group
        else:
            merged.append(group)
    return merged


def _chunk(group: list[Sentence]) -> Chunk:
    body = [sentence for sentence in group if not sentence.heading] or group
    return Chunk((group[0].span[0], group[-1].span[1]), tuple(sentence.span for sentence in body))


def _sentences(article: Article, count: Count, limit: int) -> list[Sentence]:
    text, pieces = article.text, []
    for block in article.blocks:
        sentences = sentence_spans(text, block.start, block.end)
        spans = chain.from_iterable(_pieces(text, sentence, _PIECE) for sentence in sentences)
        pieces += [(span, block.kind == "heading", not number) for number, span in enumerate(spans)]
    sizes = count([text[start:end] for (start, end), *_ in pieces]) if pieces else []
    whole = [Sentence(span, max(size, 1), *flags) for (span, *flags), size in zip(pieces, sizes, strict=True)]
    return [piece for sentence in whole for piece in _fitted(text, sentence, count, limit)]


def _fitted(text: str, sentence: Sentence, count: Count, limit: int) -> list[Sentence]:
    """The sentence, halved until every piece fits the encoder."""
    start, end = sentence.span
    if sentence.tokens <= limit or end - start < 2:
        return [sentence]
    halves = _pieces(text, sentence.span, (end - start + 1) // 2)
    fitted: list[Sentence] = []
    for span, tokens in zip(halves, count([text[a:b] for a, b in halves]), strict=True):
        piece = Sentence(span, tokens, sentence.heading, sentence.opens_block and not fitted)
        fitted += _fitted(text, piece, count, limit)
    return fitted


def _pieces(text: str, span: Span, size: int) -> list[Span]:
    """The span cut into runs of at most `size` characters, at white space if possible."""
    start, end = span
    pieces = []
    while end - start > size:
        space = text.rfind(" ", start + size // 2, start + size)
        cut = space if space > start else start + size
        pieces.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        pieces.append((start, end))
    return pieces
