"""Short pieces, lists and questions that only name a thing, beside the passage that explains it."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.short_pieces import lacks_explanation
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.conftest import indexed

TEXTS = {
    "caption": "Saggars, stacked.",
    "menu": "Tickets. Cloakroom. Saggars. Café. Green card.",
    "index": "Prunt, 12. Saggar, 14. Green card, 22. Lustre, 31.",
    "pointers": "Crizzling, see sick glass. Saggar: see firing. Green card, see help.",
    "shop": "What is a saggar? (2 min.)",
    "fee": "The fee: 5 euros.",
    "wifi": "Wifi password: tulip.",
    "guests": "Guests who need the wifi password ask at the desk, where it is written on a card that lies by the lamp.",
    "firing": "Smoke would have ruined the glaze. So the ware was put in a saggar, a box of fireclay, which kept the "
    "flames away and could be piled up to the height of three men.",
    "help": "Anyone who sees badly may ask for the green card at the desk. Its holder may touch the pieces with a dot.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    articles = {f"{name}.md": f"---\ntitle: Notes\n---\n{text}\n" for name, text in TEXTS.items()}
    return indexed(tmp_path_factory.mktemp("pieces"), articles)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("What is a saggar?", "firing"),
        ("what's a saggar", "firing"),
        ("Explain saggars", "firing"),
        ("Can you tell me about saggars?", "firing"),
        ("Explain the green card", "help"),
        ("green card rules", "help"),
        ("What are the rules of the green card?", "help"),
        # no explanation is wanted
        ("What is the fee?", "fee"),
        ("lustre page", "index"),
        ("wifi password", "wifi"),
    ],
)
def test_what_explains_comes_first_where_that_is_asked_and_else_a_short_piece(
    question: str, article: str, searcher: Searcher
) -> None:
    answer = answer_to(searcher, question, k=5)
    assert (answer.citations or answer.closest)[0].article == article


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("What is a prunt?", "related"),
        ("Explain prunts", "related"),
        ("How does lustre work?", "related"),
        ("On which page is lustre?", "answer"),
        ("What is a saggar?", "answer"),
    ],
)
def test_a_mere_mention_explains_nothing(question: str, verdict: str, searcher: Searcher) -> None:
    assert answer_to(searcher, question, k=1, rule=ALWAYS).verdict == verdict


@pytest.mark.parametrize("question", ["green card?", "green card"])
def test_a_few_words_find_what_explains_before_a_list_that_has_them(question: str, tmp_path: Path) -> None:
    articles = {f"{name}.md": f"---\ntitle: Notes\n---\n{TEXTS[name]}\n" for name in ("menu", "help", "firing")}
    answer = answer_to(indexed(tmp_path, articles), question, k=3)
    assert [each.article for each in (answer.citations or answer.closest)[:2]] == ["help", "menu"]


def test_the_row_of_a_table_may_explain(tmp_path: Path) -> None:
    table = "| Setting | Default | Range | Meaning |\n|---|---|---|---|\n| keep | 10 | 0 to 100 | old versions kept |\n"
    question = "What is keep?"
    answer = answer_to(indexed(tmp_path, {"a.md": f"# Settings\n\n{table}"}), question, k=1, rule=ALWAYS)
    assert answer.verdict == "answer"


def test_without_the_words_of_the_question_nothing_is_a_mention(searcher: Searcher) -> None:
    hit = next(hit for hit in searcher.search(Question("firing glaze")) if hit.passage.article.id == "firing")
    assert not lacks_explanation("What is a prunt?", hit)
