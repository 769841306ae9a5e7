import re
from dataclasses import replace

import pytest

from eval.report import report_html, trade_off
from eval.results import Setting, summary
from tests.eval.test_compare import GOOD, NONE

HOSTILE = "<script>alert(1)</script>"
OUTCOMES = [
    replace(GOOD, id="q1", support=0.4),
    replace(GOOD, id="q2", support=-0.2, answered=False, highlight=None),
    replace(NONE, id="n1", support=-0.5),
    replace(NONE, id="n2", support=0.1, kind="outside", answered=True, question=HOSTILE, returned=HOSTILE),
]


def page() -> str:
    result = summary(OUTCOMES, Setting("questions.jsonl", "b", "e", "2026-01-01", 900.0))
    return report_html({**result, "outcomes": OUTCOMES})


def test_the_trade_off_counts_refusals_at_every_threshold() -> None:
    assert trade_off(OUTCOMES) == [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)]


def test_without_unanswerable_questions_there_is_no_trade_off() -> None:
    assert trade_off(OUTCOMES[:2]) == []


@pytest.fixture(scope="module")
def html() -> str:
    return page()


def test_the_page_loads_nothing_and_holds_five_plots(html: str) -> None:
    assert html.count("<svg") == 5
    assert re.findall(r"""(?:src|href)=["'](?!#)([^"']+)""", html) == []
    assert "@import" not in html
    assert "<script" not in html


def test_failures_stand_beside_their_gold(html: str) -> None:
    assert "refused though the articles answer" in html
    assert "<p>Because.</p>" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_equal_results_give_equal_pages(html: str) -> None:
    assert page() == html


def test_each_way_to_ask_has_a_row_with_its_share_right_at_first_place() -> None:
    dates = [replace(GOOD, id=f"d{n}", kind="date", first=bool(n)) for n in range(4)]
    result = summary([*OUTCOMES, *dates], Setting("questions.jsonl", "b", "e", "2026-01-01"))
    shown = report_html({**result, "outcomes": [*OUTCOMES, *dates]})
    row = '<td>date</td><td class="number">4</td><td class="number">0.750</td><td><span class="quiet">0.250 to 1.000'
    assert row in shown
    assert ("4 questions of" in shown, "Right at first place by way to ask" in page()) == (True, False)


def test_each_measure_of_selective_answering_has_its_row(html: str) -> None:
    assert html.count("<td>selective answering: ") == 11
    assert 'selective answering: coverage</td><td class="number">0.500</td>' in html
