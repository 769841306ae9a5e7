"""Words that passages should not hold: operators that are obeyed, and operators that demote."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.collection import Collection
from app.answering.language import languages
from app.answering.ways.all import WAYS, mentioned, ordered
from app.answering.ways.way import Known
from app.answering.ways.words.negation import negated
from app.terminal import answer_text
from index.search.questions.question import MAX_CHARACTERS, Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS, NEVER
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TEXTS = {
    "hemp.md": "Rope of hemp is kept in the loft.",
    "steel.md": "Rope of steel is kept on drums.",
    "free.md": "A rope without hemp is light.",
    "drug.md": "The white drug does not work without food. Take the red drug at noon.",
    "zh/hemp.md": "绳子用大麻制成。",
    "zh/steel.md": "绳子用钢丝制成。",
}


@pytest.fixture(scope="module")
def ropes(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Articles of ropes with and without hemp."""
    folder = tmp_path_factory.mktemp("ropes")
    build(write_articles(folder / "articles", TEXTS), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


@pytest.fixture
def known(ropes: Searcher) -> Known:
    return Known(ropes.facets, ropes.articles, date(2026, 1, 1), ropes.store.vocabulary)


def cited(searcher: Searcher, question: str) -> list[str]:
    return [citation.article for citation in answer_to(searcher, question, rule=ALWAYS).citations]


@pytest.mark.parametrize("question", ["rope -hemp", "rope NOT hemp", "rope -“hemp”"])
def test_an_obeyed_operator_leaves_out_each_passage_with_the_word(question: str, ropes: Searcher) -> None:
    articles = cited(ropes, question)
    assert articles[0] == "steel"
    assert {"hemp", "free"}.isdisjoint(articles)


def test_two_words_are_left_out_in_their_order_only(ropes: Searcher) -> None:
    assert "steel" not in cited(ropes, 'rope -"steel is kept"')
    assert "steel" in cited(ropes, 'rope -"kept is steel"')


@pytest.mark.parametrize(
    "question", ["rope without hemp", "rope but not hemp", "rope except hemp", "ropes excluding hemp"]
)
def test_a_demoting_operator_puts_passages_with_the_word_behind_and_removes_none(
    question: str, ropes: Searcher
) -> None:
    articles = cited(ropes, question)
    assert articles[-1] != "steel"
    assert articles.index("hemp") == articles.index("steel") + 1 or articles.index("steel") < articles.index("hemp")
    assert articles.index("free") < articles.index("hemp")  # it negates the word itself


@pytest.mark.parametrize("question", ["绳子 -大麻", "绳子 不含大麻"])
def test_chinese_words_are_read_alike(question: str, ropes: Searcher) -> None:
    assert cited(ropes, question)[0] == "zh/steel"


@pytest.mark.parametrize("question", ["Which drug does not work without food?", "Which drug needs food?"])
def test_a_question_about_what_lacks_finds_the_passage_that_says_so(question: str, ropes: Searcher) -> None:
    assert cited(ropes, question)[0] == "drug"


def test_where_nothing_is_left_a_note_says_so_and_nothing_is_shown(ropes: Searcher) -> None:
    answer = answer_to(ropes, "drug -rope -drug -绳子", rule=ALWAYS)
    assert (answer.citations, answer.closest) == ((), ())
    assert answer.notes == ("without_none:rope", "without_none:drug", "without_none:绳子")
    for code, said in (("en", "No passage was found without “drug”."), ("zh", "没有找到不含“drug”的段落。")):
        assert said in answer_text(answer, languages()[code], colour=False)


def test_where_the_nearest_passage_holds_the_word_all_the_same_a_note_says_so(ropes: Searcher) -> None:
    answer = answer_to(ropes, "red drug without noon", rule=ALWAYS)
    assert (answer.citations[0].article, answer.notes) == ("drug", ("less_only:noon",))


def test_keywords_that_the_first_passage_holds_are_answered(ropes: Searcher) -> None:
    assert answer_to(ropes, "rope -hemp", rule=NEVER).verdict == "answer"
    assert answer_to(ropes, "rope without hemp", rule=NEVER).verdict == "answer"
    assert answer_to(ropes, "orchestra -hemp", rule=NEVER).verdict == "none"
    assert answer_to(ropes, "Where is the rope? -hemp", rule=NEVER).verdict == "none"


def test_an_operator_that_is_ignored_is_none(ropes: Searcher) -> None:
    answer = answer_to(ropes, "rope -hemp", ignore=["without:hemp"], rule=ALWAYS)
    assert answer.preferences == ()
    assert "hemp" in [citation.article for citation in answer.citations]


def test_hits_that_are_ordered_twice_stay_in_their_order(ropes: Searcher, known: Known) -> None:
    mentions = mentioned("rope without hemp", known)
    hits = ordered(ropes.fused(Question("rope hemp"), 5), mentions, known)
    assert [hit.passage.id for hit in ordered(hits, mentions, known)] == [hit.passage.id for hit in hits]


@pytest.mark.parametrize(
    ("text", "words", "so"),
    [
        ("A rope without hemp is light.", "hemp", True),
        ("It has no old hemp.", "hemp", True),
        ("The fish isn't smoked.", "smoked", True),
        ("Hemp is not used.", "hemp", True),
        ("A hemp-free rope.", "hemp", True),
        ("Open every day except Monday.", "Monday", True),
        ("It is not caught in nets here, but always smoked.", "smoked", False),
        ("No rope is kept. Hemp is.", "hemp", False),
        ("Rope of hemp.", "hemp", False),
        ("票价不含早餐。", "早餐", True),
        ("除北京以外的城市。", "北京", True),
        ("早餐很好。", "早餐", False),
        ("Rope.", "?", False),
    ],
)
def test_a_text_negates_words_near_them(text: str, words: str, so: bool) -> None:
    assert negated(text, words) is so


def test_a_name_that_stands_beside_others_is_no_reason_to_put_a_passage_behind(tmp_path: Path) -> None:
    texts = {
        "list.md": "The ferry calls at Oldport, Norwick and Gull Bay.",
        "alone.md": "The ferry that calls at Oldport is blue.",
        "other.md": "The ferry calls at the mill in Norwick.",
    }
    build(write_articles(tmp_path / "articles", texts), tmp_path / "index", IDENTITY, load=HashingEncoder)
    articles = cited(searcher_of(tmp_path / "index"), "Where does the ferry call, apart from Oldport?")
    assert articles[0] == "list"
    assert articles.index("other") < articles.index("alone")


def test_a_passage_is_explained_by_whether_it_fits(ropes: Searcher) -> None:
    collection = Collection.of(ropes)
    for question, article, end, fits in (
        ("rope -hemp", "hemp", 33, False),
        ("rope -hemp", "steel", 31, True),
        ("rope without hemp", "free", 29, True),
        ("rope without hemp", "hemp", 33, False),
    ):
        explanation, mentions = collection.explain(Question(question), article, 0, end)
        assert [(mention.value, is_so) for mention, is_so in mentions] == [("hemp", fits)]
        assert [word.word for word in explanation.words] == ["rope"]


def test_a_question_full_of_operators_is_read_at_once(known: Known) -> None:
    for text in ("-a" * 1_000, " -aa" * 500, "without a a " * 160, "NOT aa " * 280, "除了" * 1_000, "aa- " * 500):
        mentions = mentioned(text, known)
        assert len(mentions) <= 10
        assert all(len(other) <= MAX_CHARACTERS for each in mentions for other in WAYS[each.kind].readings(text, each))
