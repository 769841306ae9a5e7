"""The sentence of an article that mentions a subject."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from index.articles.article import Article
from index.keywords.tokenizer import has_words, words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span, sentence_spans
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures

_NO_FEATURES = HitFeatures(passage=0.0, sentence=0.0, bm25=0.0, coverage=0.0)


def has_phrase(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand next to each other in a text, in any case."""
    return _pattern(phrase).search(text) is not None


def quoted_hit(article: Article, tokens: Collection[str], phrases: Collection[str]) -> Hit:
    """A hit on one sentence: the first with all phrases and tokens, else with most of them, else the first of all."""
    span = _sentence(article, frozenset(tokens), phrases)
    return Hit(Passage(article, *span), span, 1.0, _NO_FEATURES, Sentences((span,), (1.0,)))


def _sentence(article: Article, tokens: frozenset[str], phrases: Collection[str]) -> Span:
    best, most = None, -1
    for start, end in _sentences(article):
        text = article.text[start:end]
        count = len(tokens & words_of(text)) + sum(has_phrase(text, phrase) for phrase in phrases)
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


@lru_cache(maxsize=256)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    # A word ends where a letter does not follow; scripts without spaces have no such ends.
    before = r"(?<![^\W\u3040-\u30ff\u3400-\u9fff])" if re.match(r"[^\W\u3040-\u30ff\u3400-\u9fff]", words) else ""
    after = r"(?![^\W\u3040-\u30ff\u3400-\u9fff])" if re.search(r"[^\W\u3040-\u30ff\u3400-\u9fff]$", words) else ""
    return re.compile(f"{before}{words}{after}", re.IGNORECASE)
