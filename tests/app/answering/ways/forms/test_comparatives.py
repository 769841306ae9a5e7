"""Questions about one side of a comparison, and the verdict where both sides are answered."""

from pathlib import Path

import pytest

from app.answering.ways.forms.comparatives import asked_alone, holds_asked
from index.search.questions.question import Question
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.conftest import indexed


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which is taller, the water tower?", "How tall is the water tower?"),
        ("Is Oak Park larger?", "How large is Oak Park?"),
        ("Was the mole older?", "How old is the mole?"),
        ("Is a ticket cheaper on the bus?", "How much does a ticket on the bus cost?"),
        ("Did Stile cost more?", "How much does Stile cost?"),
        ("Did Rangers win more games in 2023?", "How many games in 2023 Rangers win?"),
        ("Which had more visitors, the castle?", "How many visitors, the castle?"),
        ("What gets me to town faster, the tram?", "What gets me to town faster, the tram?"),
        ("Compare the rent of Stile", "Compare the rent of Stile"),
        ("北京更大吗？", "北京更大吗？"),
    ],
)
def test_a_side_alone_is_asked_for_its_own_measure(question: str, asked: str) -> None:
    assert asked_alone(question) == asked


def test_a_comparison_is_answered_where_each_side_is(tmp_path: Path) -> None:
    texts = {
        "stile": "The quay of Stile is 40 metres long. Crews mend nets there.",
        "tern": "The quay of Tern is 90 metres long. Crews mend nets there.",
        "mill": "Storks nest on the mill in spring.",
    }
    searcher = indexed(tmp_path, {f"{name}.md": f"---\ntitle: Notes\n---\n{text}\n" for name, text in texts.items()})
    assert answer_to(searcher, "Is the quay of Stile longer than the quay of Tern?", rule=ALWAYS).verdict == "answer"
    assert (
        answer_to(searcher, "Is the quay of Stile longer than the quay of Port Ellen?", rule=ALWAYS).verdict != "answer"
    )


@pytest.mark.parametrize(
    ("question", "label", "holds"),
    [
        ("How large is Oak Park?", "Oak Park", True),
        ("How many trees has Oak Park?", "Oak Park", True),
        ("rent of Oak Park", "Oak Park", False),
        ("How many calories has Oak Park?", "Oak Park", False),
    ],
)
def test_a_passage_on_a_side_holds_what_is_asked_or_not(question: str, label: str, holds: bool, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": "Oak Park covers 14 hectares with 300 trees."}).search(Question("Oak Park"))
    assert holds_asked(question, label, hit.passage) == holds
