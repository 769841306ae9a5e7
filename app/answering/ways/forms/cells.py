"""Cells: a question for a cell of a table that is empty is not answered by the rest of its row."""

from index.keywords.tokenizer import words_of
from index.search.hits import Hit
from index.search.values.rows import row_cells


def lacks_asked_cell(question: str, hit: Hit) -> bool:
    """Whether the marked row is the one that the question names, and has no cell in the column that it asks for.

    "Phone number of pathology" names the row of pathology; other rows of the table tell that there is such a column.
    """
    article = hit.passage.article
    cells = row_cells(article, hit.best_sentence)
    label = words_of(cells[0].text) if cells else frozenset()
    asked = words_of(question) - label
    own = {cell.column for cell in cells}
    if not label or not label <= words_of(question) or _names(asked, own - {cells[0].column}):
        return False
    rows = (row_cells(article, span) for span in hit.sentences.spans)
    others = {cell.column for row in rows if row and row[0].column == cells[0].column for cell in row}
    return _names(asked, others - own)


def _names(asked: frozenset[str], columns: set[str]) -> bool:
    return any(not asked.isdisjoint(words_of(column)) for column in columns)
