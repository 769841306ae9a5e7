"""The new words of a follow-up: the sentence and the cell that they ask for."""

import pytest

from app.answering.conversation.focus import in_focus
from index.articles.article import Article, Block
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.highlight import Fits, Sentences
from index.search.hits import Hit, HitFeatures

ROWS = (
    "Day: Monday; Hours: closed; Pool: 9 to 5",
    "Day: Saturday; Hours: 9 to 2; Pool: closed",
    "Permit: Second; Zone A: £140; Zone B: £110; Children 4–15: £3",
)
PHASES = "Phase two begins in 2028.", "Phase one began in 2020.", "Its first year was hard."
PROSE = "Late books cost nothing.", "For DVDs the fine is 50p a day.", "Lost DVDs cost £6."


def hit_of(sentences: tuple[str, ...], *, rows: bool, best: int, answer: str = "") -> Hit:
    """A hit whose best sentence is of this number, with these words in it set off."""
    text, spans = "\n".join(sentences), list[Span]()
    for sentence in sentences:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(sentence)))
    blocks = tuple(Block("row", start, end) for start, end in spans) if rows else ()
    article = Article("a", "Prices", text, blocks, "")
    scores = tuple(1 / (1 + abs(number - best)) for number in range(len(spans)))
    at = text.index(answer, spans[best][0]) if answer else 0
    passage_sentences = Sentences(spans, lambda: Fits(scores))
    hit = Hit(Passage(article, 0, len(text)), 1.0, HitFeatures(0.9, 0.5, 3.0, 0.5), passage_sentences)
    return hit.marking(spans[best], ((at, at + len(answer)),) if answer else ())


def shown(hit: Hit) -> tuple[str, list[str]]:
    text = hit.passage.article.text
    return text[slice(*hit.best_sentence)], [text[slice(*span)] for span in hit.answer]


@pytest.mark.parametrize(
    ("best", "answer", "focus", "row", "cells"),
    [
        (0, "closed", "on saturday", 1, ["9 to 2"]),  # the same column of another row
        (1, "closed", "on Monday", 0, ["9 to 5"]),
        (0, "", "saturday", 1, []),
        (2, "£110", "in zone A", 2, ["£140"]),  # another column of the same row
        (2, "£110", "for children", 2, ["£3"]),
        (2, "£110", "zone", 2, ["£110"]),  # two columns: it stays
        (0, "closed", "on friday", 0, ["closed"]),  # no row: it stays
        (0, "closed", "the one", 0, ["closed"]),
        (0, "closed", "", 0, ["closed"]),
    ],
)
def test_in_a_table_they_name_the_row_or_the_column(
    best: int, answer: str, focus: str, row: int, cells: list[str]
) -> None:
    hit = hit_of(ROWS, rows=True, best=best, answer=answer)
    assert shown(in_focus(hit, focus)) == (ROWS[row], cells)


@pytest.mark.parametrize(
    ("best", "answer", "focus", "sentence", "words"),
    [
        (0, "nothing", "about dvds", 1, []),
        (1, "50p a day", "DVDs", 1, ["50p a day"]),
        (2, "£6", "dvds", 2, ["£6"]),
        (0, "nothing", "games", 0, ["nothing"]),
    ],
)
def test_in_prose_the_sentence_holds_them(best: int, answer: str, focus: str, sentence: int, words: list[str]) -> None:
    hit = hit_of(PROSE, rows=False, best=best, answer=answer)
    assert shown(in_focus(hit, focus)) == (PROSE[sentence], words)


@pytest.mark.parametrize(("focus", "sentence"), [("phase one", 1), ("the first one", 2), ("phase two", 0)])
def test_one_is_a_number_where_a_sentence_has_it(focus: str, sentence: int) -> None:
    hit = hit_of(PHASES, rows=False, best=0)
    assert shown(in_focus(hit, focus))[0] == PHASES[sentence]
