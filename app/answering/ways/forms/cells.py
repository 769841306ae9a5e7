"""Cells: a row of a table answers a question for one of its cells, and does not answer one for an empty cell."""

from index.keywords.sentence_terms import above
from index.keywords.tokenizer import words_of
from index.search.hits import Hit
from index.search.values.kinds import holds_kind, number_asked
from index.search.values.routes import asked_route, goes
from index.search.values.rows import EMPTY, Cell, row_cells

# Index terms of verbs that say no more than what a table says by its columns.
_LIGHT = words_of("come go wear have get take make give hold keep use need find see call bring cost stand say")


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
    return _names(asked, {cell.column for row in _table(hit, cells[0].column) for cell in row} - own)


def answers_by_row(question: str, hit: Hit) -> bool:
    """Whether the marked row has a cell whose words are all the question's, and nothing that is asked is missing.

    What is asked may stand in the row with the names of its columns, in the title and in the headings above it. The
    answer is in a further cell, of the kind of number that the question asks for.
    """
    article, kind = hit.passage.article, number_asked(question)
    cells = [cell for cell in row_cells(article, hit.best_sentence) if cell.text not in EMPTY]
    asked = words_of(question) - _LIGHT
    named = [cell for cell in cells if words_of(cell.text) and words_of(cell.text) <= asked]
    rest = [cell for cell in cells if cell not in named]
    if not named or not rest or (kind and not any(holds_kind(cell.text, kind) for cell in rest)):
        return False
    route, own = asked_route(question), {cell.column for cell in cells}
    columns = {cell.column for each in _table(hit, cells[0].column) for cell in each}
    if (route and goes(cells, route) is False) or not (columns <= own or _names(asked, own)):
        return False
    row = article.text[slice(*hit.best_sentence)]
    return asked <= words_of(row).union(*map(words_of, above(article, hit.best_sentence[0])))


def _table(hit: Hit, first: str) -> list[list[Cell]]:
    """The rows of the passage whose first column has this name."""
    rows = (row_cells(hit.passage.article, span) for span in hit.sentences.spans)
    return [row for row in rows if row and row[0].column == first]


def _names(asked: frozenset[str], columns: set[str]) -> bool:
    return any(not asked.isdisjoint(words_of(column)) for column in columns)
