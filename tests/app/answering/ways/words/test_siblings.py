"""Names with a number: passages that know another number alone do not answer, and the name is said to be absent."""

import pytest

from app.answering.ways.words.siblings import siblings_only
from index.articles.article import Article
from index.passages.chunking import Passage
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.app.answering.ways.times.test_newest import searcher_for

ONE = Sentences.alone((0, 4))
TEXT = (
    "Probe-2 flew in May 2025 and took 12 photographs. Harbour 4.0 opened on 13 May. O'Hara 6 weighs 2 tonnes. "
    "Zone 3 and Zone 4 are closed. The Top 100 towns met. 明星二号发射。"
)


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    articles = {"a.md": ("", TEXT), "b.md": ("", "A kite flew over the meadow.")}
    return searcher_for(tmp_path_factory.mktemp("probes"), articles)


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("When did Probe-3 fly?", ["Probe-3"]),
        ("When did Probe 3 fly?", ["Probe 3"]),
        ("When did PROBE-3 fly?", ["PROBE-3"]),
        ("When did Harbour 3.0 open?", ["Harbour 3.0"]),
        ("How heavy is O’Hara 5?", ["O’Hara 5"]),
        ("Is Zone 5 open?", ["Zone 5"]),
        ("明星三号何时发射？", ["明星三号"]),
        ("When did Probe-2 fly?", []),
        ("When did probe 2 fly?", []),
        ("Is Zone 4 open?", []),
        ("When did Harbour 4 open?", []),
        ("明星2号何时发射？", []),
        ("How heavy is O'Hara 6?", []),
        ("Did Kite 3 fly?", []),  # the passages do not number it
        ("What happened on May 14?", []),
        ("What did Probe do in 2025?", []),
        ("Did Probe 3 % more?", []),
        ("五月3号发生了什么？", []),
    ],
)
def test_a_name_is_absent_where_it_is_known_with_other_numbers_alone(
    probes: Searcher, question: str, absent: list[str]
) -> None:
    article = Article("a", "Probes", TEXT, (), "")
    hit = Hit(Passage(article, 0, len(TEXT)), 1.0, HitFeatures(0.9, 0.5, 3.0, 0.5), ONE)
    assert [name.typed for name in siblings_only(question, [hit])] == absent


def test_the_answer_names_it_and_is_related_at_most(probes: Searcher) -> None:
    asked = answer_to(probes, "When did Probe-3 fly in May 2025?", rule=ALWAYS)
    assert (asked.verdict, asked.absent) == ("related", ("Probe-3",))
    assert answer_to(probes, "When did Probe-2 fly in May 2025?", rule=ALWAYS).verdict == "answer"
