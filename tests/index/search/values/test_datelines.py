"""Lines at the head of a text that say when it was written."""

import pytest

from index.search.values.datelines import datelines

SENTENCES = [
    "Minutes of the council, meeting held on Tuesday, 4 March 2025 in the Corn Hall.",
    "Place: upper room",
    "The council agreed to buy the signal box.",
    "On 4 March 2025 the roof leaked.",
]


def test_a_line_with_a_date_that_states_nothing_is_a_dateline() -> None:
    assert datelines(SENTENCES, "What did the council agree on 4 March 2025?") == [0, 1]


@pytest.mark.parametrize("question", ["When did the council meet?", "Where did the council meet?"])
def test_a_question_for_the_day_or_the_place_has_none(question: str) -> None:
    assert datelines(SENTENCES, question) == []


def test_a_sentence_that_states_something_is_none() -> None:
    assert datelines(["The pier was opened on 4 March 2025.", "It is long."], "What was opened?") == []
    assert datelines(["Crews left the pier on 4 March 2025.", "It is long."], "What did they leave?") == []
    assert datelines(["The report of 4 March 2025 was long.", "It is here."], "What was long?") == []


def test_a_text_of_datelines_alone_has_none() -> None:
    assert datelines(["Date: 4 March 2025"], "What did the council agree?") == []
