"""An article on its way into a store: its passages, their sentences, and the vectors of both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from index.arrays import Bytes, Halves, Scales
from index.articles.article import Article
from index.errors import BadRecord
from index.passages.chunking import Chunk

LONGEST_ID = 255  # characters, the limit of a file name
MOST_BYTES = 50_000_000  # of an article's text in UTF-8
_LEAST, _MOST = 0.98, 1.02  # range of a vector's length; half precision changes it by less


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article, the spans of its passages and sentences, and their vectors.

    `vectors` has shape (passages, dimension), unit length. A sentence's vector is its row of
    `sentences`, shape (sentences, dimension), times its scale; rows are in the order of the passages.
    """

    article: Article
    chunks: tuple[Chunk, ...]
    vectors: Halves
    sentences: Bytes
    scales: Scales

    def checked(self, dimension: int) -> "EncodedArticle":
        """The article itself, checked alike for every store. Raises BadRecord.

        Invalid are ids that are empty, long or not printable; text with NUL or a lone surrogate, or
        over 50 MB; spans outside the text; vectors of another shape, not finite or not of unit length.
        """
        for problem in (_of_id(self.article.id), _of_text(self.article), self._of_spans(), self._of_vectors(dimension)):
            if problem:
                raise BadRecord(f"article {self.article.id[:80]!r} is not stored: {problem}")
        return self

    def _of_spans(self) -> str:
        last = len(self.article.text)
        if not self.chunks:
            return "it has no passage"
        for chunk in self.chunks:
            start, end = chunk.span
            if not 0 <= start < end <= last:
                return f"the passage {start}-{end} lies outside its {last:,} characters"
            if not chunk.sentences or any(not start <= first < stop <= end for first, stop in chunk.sentences):
                return f"the passage {start}-{end} has sentences outside it, or none"
        if len({chunk.span[0] for chunk in self.chunks}) < len(self.chunks):
            return "two of its passages begin at the same character"
        return ""

    def _of_vectors(self, dimension: int) -> str:
        count = sum(len(chunk.sentences) for chunk in self.chunks)
        expected = ((len(self.chunks), dimension), (count, dimension), (count,))
        shapes = (self.vectors.shape, self.sentences.shape, self.scales.shape)
        if shapes != expected:
            return f"its vectors have the shapes {shapes}, not {expected}"
        lengths = np.linalg.norm(self.vectors.astype(np.float32), axis=1)
        if not ((lengths > _LEAST) & (lengths < _MOST)).all():  # False for NaN, too
            return "a vector is not of unit length: it is zero, or holds what is no number. Encode it again"
        if not (np.isfinite(self.scales) & (self.scales > 0)).all():
            return "a sentence's vector holds what is no number. Encode it again"
        return ""


def in_order(articles: Iterable[EncodedArticle], dimension: int) -> Iterator[EncodedArticle]:
    """The articles of a whole index, each checked. Raises BadRecord also unless ids increase, and without articles."""
    last = ""
    for encoded in articles:
        article_id = encoded.checked(dimension).article.id
        if article_id <= last:
            raise BadRecord(f"article {article_id[:80]!r} comes after {last[:80]!r}: articles are taken in order of id")
        last = article_id
        yield encoded
    if not last:
        raise BadRecord("there is no article to make an index of. Build one: python -m index build FOLDER")


def _of_id(article_id: str) -> str:
    if not article_id or len(article_id) > LONGEST_ID:
        return f"its id has {len(article_id)} characters; 1 to {LONGEST_ID} will do"
    return "" if article_id.isprintable() else "its id has characters that cannot be shown. Rename its file"


def _of_text(article: Article) -> str:
    try:
        size = len(article.text.encode())
    except UnicodeEncodeError as error:
        return f"its text has a lone surrogate at character {error.start:,}"
    if "\0" in article.text:
        return f"its text has a NUL at character {article.text.index(chr(0)):,}"
    return "" if size <= MOST_BYTES else f"its text has {size:,} bytes; at most {MOST_BYTES:,} are stored"
