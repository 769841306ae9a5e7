import base64
import hashlib
import re
from dataclasses import replace
from typing import Any

import pytest

from eval.arguments import CHAT
from eval.report import report_html, sections_of, trade_off
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
    return report_html({**result, "outcomes": OUTCOMES}, CHAT)


def test_the_trade_off_counts_refusals_at_every_threshold() -> None:
    assert trade_off(OUTCOMES) == [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)]


def test_without_unanswerable_questions_there_is_no_trade_off() -> None:
    assert trade_off(OUTCOMES[:2]) == []


@pytest.fixture(scope="module")
def html() -> str:
    return page()


def test_the_page_loads_nothing_and_runs_only_its_own_script(html: str) -> None:
    assert html.count("<svg") == 5
    assert [link for link in re.findall(r"""(?:src|href)=["'](?!#)([^"']+)""", html) if not link.startswith(CHAT)] == []
    assert "@import" not in html
    [script] = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"""content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'">""" in html


def test_every_question_stands_in_the_section_of_its_severity_beside_its_gold(html: str) -> None:
    sections = re.findall(r"<h3>([A-Z][a-z ]+?) <span class=\"quiet\">(\d+)</span>(.*?)</details>", html, re.DOTALL)
    assert [(name, int(count)) for name, count, _ in sections] == [
        ("Wrong answer", 1),
        ("Wrong refusal", 1),
        ("Right but not first", 0),
        ("Right", 2),
    ]
    wrong, refused = sections[0][2], sections[1][2]
    assert ("&lt;script&gt;alert(1)&lt;/script&gt;" in wrong, "n2: answered though the articles do" in wrong) == (
        True,
        True,
    )
    assert ("refused though the articles answer" in refused, "<p>Because.</p>" in refused) == (True, True)


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, "right"),
        ({"verbatim": False}, "wrong answer"),
        ({"rank": 0, "first": False}, "wrong answer"),
        ({"rank": 6, "first": False}, "wrong answer"),
        ({"rank": 5, "first": False}, "right but not first"),
        ({"rank": 1, "first": False}, "right but not first"),
        ({"highlight": False}, "right but not first"),
        ({"answered": False, "verdict": "related"}, "wrong refusal"),
    ],
)
def test_an_outcome_is_as_bad_as_what_it_makes_people_believe(changes: dict[str, Any], severity: str) -> None:
    assert replace(GOOD, **changes).severity == severity


def test_a_link_asks_a_question_again_with_those_before_it() -> None:
    outcome = replace(GOOD, question="And <in> 2024?", history=("Who & why?",))
    [row] = sections_of([outcome], f"{CHAT}/")["right"][1]
    assert row["again"] == f"{CHAT}/#q=And+%3Cin%3E+2024%3F&after=Who+%26+why%3F"


def test_a_page_of_many_long_questions_is_under_a_megabyte_and_says_how_many_are_not_listed() -> None:
    long = [replace(GOOD, id=f"q{n}", question='"<' * 1000, gold=(("&" * 900,),) * 9) for n in range(5000)]
    every = [replace(long[0], id="bad", rank=0), *long]
    result = summary([*OUTCOMES, *every[:50]], Setting("questions.jsonl", "b", "e", "2026-01-01"))
    shown = report_html({**result, "outcomes": every}, CHAT)
    assert len(shown.encode()) < 1_000_000
    assert "bad" in shown
    listed = shown.count('data-kind="fact"')
    assert f"<p>{5001 - listed} more are not listed" in shown


def test_equal_results_give_equal_pages(html: str) -> None:
    assert page() == html


def test_each_way_to_ask_has_a_row_with_its_share_right_at_first_place() -> None:
    dates = [replace(GOOD, id=f"d{n}", kind="date", first=bool(n)) for n in range(4)]
    result = summary([*OUTCOMES, *dates], Setting("questions.jsonl", "b", "e", "2026-01-01"))
    shown = report_html({**result, "outcomes": [*OUTCOMES, *dates]}, CHAT)
    row = '<td>date</td><td class="number">4</td><td class="number">0.750</td><td><span class="quiet">0.250 to 1.000'
    assert row in shown
    assert ("4 questions of" in shown, "Right at first place by way to ask" in page()) == (True, False)


def test_each_measure_of_selective_answering_has_its_row(html: str) -> None:
    assert html.count("<td>selective answering: ") == 11
    assert 'selective answering: coverage</td><td class="number">0.500</td>' in html
