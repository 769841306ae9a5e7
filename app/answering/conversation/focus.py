"""The sentence and the cell that the new words of a follow-up ask for, in the passages that answer it."""

from collections.abc import Sequence

from index.keywords.tokenizer import tokenise, words_of
from index.passages.sentences import Span
from index.patterns import lazy_regex
from index.search.hits import Hit
from index.search.values.rows import row_cells

_WORD = lazy_regex(r"[\p{L}\p{N}]+")
_LEADS = frozenset("in for of from with on at by the".split())
_STANDS_FOR = frozenset(("one", "ones"))


def in_focus(hit: Hit, focus: str) -> Hit:
    """The hit with its best sentence among those that hold the words of `focus`, and the cell of a row that they name.

    "And for children?" after a question about students asks for another column of the same row, "and on Saturday?"
    for the same column of another row. The hit is as it was where no sentence holds the words.
    """
    words = _WORD.findall(focus.lower())
    while words and words[0] in _LEADS:
        del words[0]
    rows = _rows_with(hit, words)
    if not rows and words and words[-1] in _STANDS_FOR:  # "the first one", but not "phase one"
        rows = _rows_with(hit, words[:-1])
    if not rows:
        return hit
    best = hit.sentences.spans.index(hit.best_sentence) if hit.best_sentence in hit.sentences.spans else -1
    row = best if best in rows else max(rows, key=lambda row: hit.sentences.scores[row])
    span = hit.sentences.spans[row]
    answer = hit.answer if row == best else ()
    return hit.marking(span, _cell(hit, span, words) or answer)


def _rows_with(hit: Hit, words: Sequence[str]) -> list[int]:
    """The numbers of the sentences that hold all these words."""
    terms = frozenset(tokenise(" ".join(words)))
    return [row for row, span in enumerate(hit.sentences.spans) if terms and terms <= words_of(_text(hit, span))]


def _cell(hit: Hit, span: Span, words: Sequence[str]) -> tuple[Span, ...]:
    """The cell in a column that the words name, else that in the column of the cell that was marked in another row."""
    cells = row_cells(hit.passage.article, span)
    named = [cell for cell in cells if {*words} <= {*_WORD.findall(cell.column.lower())}]
    terms = frozenset(tokenise(" ".join(words)))
    named = named or [cell for cell in cells if terms <= words_of(cell.column)]
    if not named and hit.best_sentence != span and hit.answer:
        before = row_cells(hit.passage.article, hit.best_sentence)
        column = next((cell.column for cell in before if cell.placed(hit.best_sentence) == hit.answer[0]), None)
        named = [cell for cell in cells if cell.column == column]
    return (named[0].placed(span),) if len(named) == 1 else ()


def _text(hit: Hit, span: Span) -> str:
    return hit.passage.article.text[slice(*span)]
