"""Quotes as HTML: marks and tables."""

from dataclasses import replace

import pytest

from app.web.chat.cards import answer_html
from app.web.chat.quotes import quoted
from app.web.marking import marked
from tests.app.web.chat.test_cards import CITATION, ENGLISH, Parsed, answer


def test_the_best_sentence_is_marked() -> None:
    assert marked("Soil is dry. It is.", ((0, 12),)) == "<mark>Soil is dry.</mark> It is."


ROWS = "Zones\nYear: 2005; Zones: 53\nYear: 2024; Zones: 178\nYear: 2026; <b>: 1\nAs of May."
SPANS = ((6, 27), (28, 50), (51, 69))


def test_rows_of_a_table_are_a_table_with_the_asked_row_marked() -> None:
    table = replace(CITATION, quote=ROWS, rows=SPANS, highlight=((28, 50),), answer=((47, 50),))
    html = str(quoted(table))
    assert html == (
        '<p>Zones</p><div class="table" tabindex="0"><table><thead><tr><th scope="col">Year</th>'
        '<th scope="col">Zones</th></tr></thead><tbody><tr><td>2005</td><td>53</td></tr><tr class="asked">'
        "<td><mark>2024</mark></td><td><mark><strong>178</strong></mark></td></tr></tbody></table></div>"
        '<div class="table" tabindex="0"><table><thead><tr><th scope="col">Year</th><th scope="col">&lt;b&gt;</th></tr>'
        "</thead><tbody><tr><td>2026</td><td>1</td></tr></tbody></table></div><p>As of May.</p>"
    )
    leading = answer_html(answer(table), ENGLISH).split('<div class="lead">')[1].split("</table>")[0]
    assert leading.count("<tr") == 2


@pytest.mark.parametrize("row", ["only text; Year: 2005", "Year: 2005;Zones", "Year 2005"])
def test_a_row_that_is_not_all_named_cells_stays_text(row: str) -> None:
    odd = replace(CITATION, quote=row, rows=((0, len(row)),), highlight=((0, len(row)),))
    assert ("<table>" in quoted(odd)) == (row == "Year: 2005;Zones")
    assert Parsed(str(quoted(odd))).text in (row, "Year2005;Zones")


def test_a_row_without_its_empty_cells_stays_in_its_table() -> None:
    quote = "Year: 2005; Zones: 53\nYear: 2006; Zones: 54; Note: new\nZones: 55; Note: old"
    spans = ((0, 21), (22, 54), (55, 75))
    html = str(quoted(replace(CITATION, quote=quote, rows=spans, highlight=(), answer=())))
    assert html.count("<table>") == 1
    assert html.split("<tbody>")[1].startswith(
        "<tr><td>2005</td><td>53</td><td></td></tr><tr><td>2006</td><td>54</td><td>new</td></tr>"
        "<tr><td></td><td>55</td><td>old</td></tr>"
    )
