"""Kinds of numbers that questions ask for and texts hold."""

import pytest

from index.search.values.kinds import Kind, holds_kind, number_asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people came?", "count"),
        ("What was the number of zones?", "count"),
        ("有多少个高新区？", "count"),
        ("What share of the money went to research?", "share"),
        ("What percentage is that?", "share"),
        ("企业占比是多少？", "share"),
        ("How much did the ship cost?", "money"),
        ("What was the budget of the fund?", "money"),
        ("When was it opened?", "date"),
        ("Which year had 53 zones?", "date"),
        ("哪一年有53个高新区？", "date"),
        ("How long did the plasma last?", "duration"),
        ("How many years did it take?", "duration"),
        ("How far is the lighthouse?", "length"),
        ("How many metres deep is the lake?", "length"),
        ("Who opens the gate when it rains?", None),
        ("What does the committee share with its members?", None),
        ("When it comes to boats, who decides?", None),
        ("How much influence has the guild?", None),
        ("Many happy returns", None),
    ],
)
def test_a_question_asks_for_a_number_of_one_kind(question: str, kind: Kind | None) -> None:
    assert number_asked(question) == kind


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("53 boats came.", {"count"}),
        ("Twelve boats came.", {"count"}),
        ("It grew by 2.69 percent.", {"share"}),
        ("It grew by 26%.", {"share"}),
        ("It cost 1.2 trillion yuan.", {"money"}),
        ("It cost $40.", {"money"}),
        ("It was opened on 12 April 1923.", {"date"}),
        ("It was opened in 1923.", {"date"}),
        ("It lasted 403 seconds.", {"duration"}),
        ("It lasted three weeks.", {"duration"}),
        ("All 53 boats came on 3 May 2024.", {"date", "count"}),
        ("It is 40 km long.", {"length"}),
        ("投入3.6万亿元。", {"money"}),
        ("The boats may sail.", set()),
        ("Yards and miles of rope.", set()),
    ],
)
def test_a_text_holds_numbers_of_these_kinds(text: str, kinds: set[Kind]) -> None:
    every: tuple[Kind, ...] = ("share", "money", "date", "duration", "length", "count")
    assert {kind for kind in every if holds_kind(text, kind)} == kinds


@pytest.mark.parametrize("kind", ["money", "duration", "length"])
def test_many_numerals_after_each_other_are_read_in_one_way(kind: Kind) -> None:
    assert not holds_kind("1 " + "万亿" * 500, kind)
