"""Questions for what something is, and short pieces that repeat a question."""

from datetime import date

import pytest

from app.answering.ways.forms.definitions import Definitions
from app.answering.ways.way import Known
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import NEVER
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TEXTS = {
    "catch": "The boats landed more wrasse in June. Wrasse sell well. Wrasse were sold at Stile.",
    "fish": "Boats landed few of them. The wrasse is a fish of the rocks that is sold at Stile.",
    "box": "Box QX-14.",
    "forms": "QX-14 forms.",
    "index": "QX-14: see guide.",
    "guide": "Crews carry a lamp and a permit. Asbestos cement, which is called material QX-14 in our lists, "
    "may not be sawn. The pipe is wetted, packed into two foils and brought to the tip on the same day.",
    "berg": "Anna Berg spoke on Monday about Anna Berg's boats. The mole was opened by Anna Berg, the harbour master.",
    "桥": "石桥在周一关闭。石桥是一座古桥，有三百年历史。",
    "opening": "Mole opened: 1932.",
    "board": "Ole Dahl came to Stile. Ole Dahl chairs the harbour board. Eva Lind, former head of the port, left.",
    "mole": "The mole was opened by the queen, who came with four ships and left when the rain began that evening.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("definitions")
    for name, text in TEXTS.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text}\n", "utf-8")
    build(folder, folder / ".index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / ".index")


def subject(question: str, searcher: Searcher) -> str:
    known = Known(searcher.facets, searcher.articles, date(2025, 6, 1), searcher.store.vocabulary)
    return next((mention.value for mention in Definitions().recognise(question, known)), "")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is a wrasse?", "wrasse"),
        ("what's QX-14", "QX-14"),
        ("Who was Anna Berg?", "Anna Berg"),
        ("What does QX-14 mean?", "QX-14"),
        ("What are new rules?", "new rules"),
        ("What does “QX” stand for?", "QX"),
        ("Define wrasse", "wrasse"),
        ("Please explain QX-14.", "QX-14"),
        ("QX-14 explained", "QX-14"),
        ("Tell me about wrasse", "wrasse"),
        ("Can you tell me who Anna Berg is?", "Anna Berg"),
        ("What is the Bureau of Statistics?", "Bureau of Statistics"),
        ("石桥是什么？", "石桥"),
        ("什么是石桥", "石桥"),
        ("安娜是谁？", "安娜"),
    ],
)
def test_a_question_for_a_definition_is_recognised(question: str, expected: str, searcher: Searcher) -> None:
    assert subject(question, searcher) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the budget of the harbour?",
        "What is the price?",
        "Who is it?",
        "Who is the mayor?",
        "What is planned for the mole?",
        "What is new?",
        "What is best?",
        "What is sold at Stile and where?",
        "What is wrasse sold for?",
        "石桥的颜色是什么？",
        "它是什么？",
    ],
)
def test_a_question_for_a_part_or_a_role_is_none(question: str, searcher: Searcher) -> None:
    assert subject(question, searcher) == ""


def test_the_passage_that_defines_comes_first_with_that_sentence_marked(searcher: Searcher) -> None:
    first = answer_to(searcher, "What is a wrasse?", k=2).citations[0]
    assert first.article == "fish"
    [(start, end)] = first.highlight
    assert first.quote[start:end] == "The wrasse is a fish of the rocks that is sold at Stile."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is Anna Berg?", "The mole was opened by Anna Berg, the harbour master."),
        ("Who is Ole Dahl?", "Ole Dahl chairs the harbour board."),
        ("who's Eva Lind", "Eva Lind, former head of the port, left."),
        ("石桥是什么？", "石桥是一座古桥，有三百年历史。"),
    ],
)
def test_the_sentence_that_defines_is_marked_and_answers(question: str, sentence: str, searcher: Searcher) -> None:
    [citation] = answer_to(searcher, question, k=1, rule=NEVER).citations
    [(start, end)] = citation.highlight
    assert citation.quote[start:end] == sentence


def test_a_passage_that_names_the_subject_without_saying_what_it_is_settles_nothing(searcher: Searcher) -> None:
    assert answer_to(searcher, "Who is Stile?", k=1, rule=NEVER).verdict != "answer"


@pytest.mark.parametrize("question", ["What is QX-14?", "Explain QX-14", "QX-14 rules", "Which rules apply to QX-14?"])
def test_the_passage_that_explains_comes_before_short_pieces_that_repeat_the_question(
    question: str, searcher: Searcher
) -> None:
    answer = answer_to(searcher, question, k=4)
    assert (answer.citations or answer.closest)[0].article == "guide"


def test_a_short_piece_that_is_asked_for_with_all_its_words_stays_first(searcher: Searcher) -> None:
    assert answer_to(searcher, "QX-14 forms", k=1).citations[0].article == "forms"


@pytest.mark.parametrize("question", ["When was the mole opened?", "mole opened"])
def test_a_short_piece_with_a_number_of_its_own_stays_first(question: str, searcher: Searcher) -> None:
    assert answer_to(searcher, question, k=1).citations[0].article == "opening"
