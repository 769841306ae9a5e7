"""The sentence of an article that mentions a subject."""

from collections.abc import Collection, Iterator

from app.answering.ways.words.verbatim import holds
from index.articles.article import Article
from index.keywords.tokenizer import has_words, words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span, sentence_spans
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures

_NO_FEATURES = HitFeatures(passage=0.0, sentence=0.0, bm25=0.0, coverage=0.0)


def quoted_hit(article: Article, tokens: Collection[str], phrases: Collection[str]) -> Hit:
    """A hit on one sentence: the first with all phrases and tokens, else with most of them, else the first of all."""
    span = _sentence(article, frozenset(tokens), phrases)
    return Hit(Passage(article, *span), 1.0, _NO_FEATURES, Sentences.alone(span))


def _sentence(article: Article, tokens: frozenset[str], phrases: Collection[str]) -> Span:
    best, most = None, -1
    for start, end in _sentences(article):
        text = article.text[start:end]
        count = len(tokens & words_of(text)) + sum(holds(text, phrase) for phrase in phrases)
        if count > most:
            best, most = (start, end), count
        if most == len(tokens) + len(phrases):
            break
    return best or (0, len(article.text))


def _sentences(article: Article) -> Iterator[Span]:
    """The sentences of an article in order, headings left out unless there is nothing else."""
    blocks = [block for block in article.blocks if block.kind != "heading"] or article.blocks
    for block in blocks:
        spans = sentence_spans(article.text, block.start, block.end)
        yield from (span for span in spans if has_words(article.text[slice(*span)]))
