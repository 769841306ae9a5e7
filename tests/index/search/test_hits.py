"""Which passages say the same, which of them a search shows, and how far each stands out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.article import Article
from index.passages.chunking import Passage
from index.search.deduplication import distinct, ensure_included, same_text_key
from index.search.highlight import coverage, sentence_scores
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

LONG = "ivy oak elm ash fir yew moss fern reed rush sage mint dill leek pear plum fig lime kiwi 2024"
NEAR = LONG.replace("moss", "bark")


def _passage(article: str, text: str, before: str = "") -> Passage:
    return Passage(Article(article, "", before + text, (), ""), len(before), len(before) + len(text))


def _ranked(*passages: tuple[str, str]) -> list[tuple[int, Passage]]:
    """Places 10, 11, ... of passages given as article and text."""
    return [(place, _passage(article, text)) for place, (article, text) in enumerate(passages, 10)]


RULE = "Visitors may enter the hall through the garden gate, if the guard writes their names in a book."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RULE, RULE.upper()),
        (RULE, f"  {RULE.replace(' ', '  ').replace(',', ' –')}"),
        (RULE, RULE.replace("a book", "the book")),
        ("It’s the owner's.", "It's the owner’s"),
        ("“Dry,” he said", "'Dry', he said."),
        ("月壤是干的。", "月壤是干的"),
    ],
)
def test_white_space_case_punctuation_and_articles_make_no_other_text(one: str, other: str) -> None:
    assert same_text_key(one) == same_text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RULE, RULE.replace("may", "may not")),
        (RULE, RULE.replace("names", "plates")),
        ("Almby beat Berga.", "Berga beat Almby."),
        ("It can be done.", "It can't be done."),
        ("It grew by 2.5 %.", "It grew by 25 %."),
        ("It grew by 2.5 %.", "It grew by 2.5."),
        ("It was 5 °C.", "It was -5 °C."),
        ("It costs $5.", "It costs €5."),
        ("It is 3 km long.", "It is 3 m long."),
        ("Grade A", "Grade B"),
        ("在法国", "不在法国"),
    ],
)
def test_any_other_word_number_sign_unit_or_order_makes_another_text(one: str, other: str) -> None:
    assert same_text_key(one) != same_text_key(other)


@pytest.mark.parametrize(
    ("passages", "k", "shown"),
    [
        ((("a", LONG), ("b", LONG), ("c", "Basalt.")), 5, {10: ["b"], 12: []}),
        ((("a", LONG), ("b", NEAR)), 5, {10: [], 11: []}),
        ((("a", LONG), ("a", LONG), ("b", f"{LONG}!"), ("b", LONG)), 5, {10: ["b"]}),
        ((("a", "Ivy."), ("b", "Basalt."), ("c", "Ivy.")), 1, {10: ["c"]}),  # behind the last that is shown
        ((("a", "!!!"), ("b", "???"), ("c", "!!!")), 5, {10: ["c"], 11: []}),
        ((("a", "Ivy."),), 0, {}),
        ((), 5, {}),
    ],
)
def test_a_text_is_shown_once_with_its_other_articles(
    passages: Sequence[tuple[str, str]], k: int, shown: dict[int, list[str]]
) -> None:
    assert distinct(_ranked(*passages), k) == shown


@pytest.mark.parametrize(("between", "others"), [(20, ["z"]), (21, [])])
def test_copies_are_looked_for_among_the_twenty_passages_behind_the_last_shown(between: int, others: list[str]) -> None:
    rest = [(f"b{number}", f"Basalt {number} is dark.") for number in range(between)]

    assert distinct(_ranked(("a", "Ivy."), *rest, ("z", "Ivy.")), 1) == {10: others}


def test_a_passage_of_another_place_in_an_article_that_has_the_copy_is_named_once() -> None:
    ranked = [(0, _passage("a", LONG)), (1, _passage("b", LONG)), (2, _passage("b", LONG, before="Moss. "))]

    assert distinct(ranked, 3) == {0: ["b"]}


@pytest.mark.parametrize(
    ("chosen", "needed", "kept"),
    [
        ([1, 2, 3], [], [1, 2, 3]),
        ([1, 2, 3], [2, 1], [1, 2, 3]),
        ([1, 2, 3], [9], [1, 2, 9]),
        ([1, 2, 3], [3, 9], [1, 3, 9]),  # the last that is not needed goes
        ([1, 2, 3], [8, 9], [1, 8, 9]),
        ([1, 2], [8, 9], [1, 8]),
        ([1, 2, 3], [9, 9], [1, 2, 9]),
        ([1], [9], [1]),
        ([], [9], []),
    ],
)
def test_what_is_needed_takes_the_last_places(chosen: list[int], needed: list[int], kept: list[int]) -> None:
    assert ensure_included(chosen, needed) == kept


@settings(max_examples=200)
@given(st.lists(st.integers(0, 9), unique=True, max_size=6), st.lists(st.integers(0, 14), max_size=4))
def test_the_first_place_is_never_lost_and_every_needed_one_there_is_room_for_is_kept(
    chosen: list[int], needed: list[int]
) -> None:
    kept = ensure_included(chosen, needed)

    assert kept[:1] == chosen[:1]
    assert len(kept) == len(set(kept)) == len(chosen)
    assert set(kept) <= {*chosen, *needed}
    if len(set(needed)) < len(chosen):
        assert set(needed) <= set(kept)


def test_coverage_counts_each_word_by_what_it_tells() -> None:
    words = {"lunar": 3.0, "soil": 1.0, "chees": 4.0}

    assert coverage(words, "Lunar soils. Soil!") == 0.5
    assert coverage(words, "Cheese") == 0.5
    assert coverage(words, "") == 0.0
    assert coverage({}, "Lunar soil") == 0.0


@pytest.mark.parametrize(
    ("sentences", "cosines", "best"),
    [
        (("Ivy climbs.", "Moss is soft."), (0.25, 0.5), 1),  # no word of the question: the nearer one
        (("Bees fly.", "Moss is soft."), (0.5, 0.5), 0),
        (("Bees fly.", "Bees rest in July."), (0.5, 0.45), 1),  # what both hold tells nothing
        (("Bees fly.", "Bees rest.", "Bees."), (0.1, 0.2, 0.3), 2),
        (("Bees fly.", "July was hot.", "June too."), (0.5, 0.5, 0.5), 1),  # the rarer word
        (("Moss.", "Moss."), (0.5, 0.5), 0),  # the first of equals
        (("Moss.",), (-1.0,), 0),
    ],
)
def test_the_best_sentence_is_near_and_has_words_of_the_question_that_the_others_lack(
    sentences: tuple[str, ...], cosines: tuple[float, ...], best: int
) -> None:
    assert np.argmax(sentence_scores(sentences, np.array(cosines, np.float32), {"bee": 1.0, "juli": 2.0})) == best


@pytest.mark.parametrize(("title", "best"), [("", 1), ("July", 0), ("Bees in July", 1), ("June", 1)])
def test_a_word_of_the_title_tells_a_quarter(title: str, best: int) -> None:
    sentences, cosines = ("Bees fly.", "July was hot."), np.array([0.5, 0.5], np.float32)
    assert np.argmax(sentence_scores(sentences, cosines, {"bee": 1.0, "juli": 2.0}, title)) == best


SEAS = {
    **{
        f"seas/{name}.md": f"The dark seas of the Moon are basalt plains, says {name}."
        for name in ("Ann", "Bo", "Cy", "Di")
    },
    "ivy.md": "Ivy feeds wasps in October.",
    "bees.md": "Lavender feeds bees in July.",
    "tea.md": "Tea grows on hills.",
}


def _searcher(folder: Path, articles: dict[str, str]) -> Searcher:
    build(write_articles(folder / "articles", articles), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def test_contrast_is_the_share_of_a_score_above_the_mean_of_the_best_four_unlike_passages(tmp_path: Path) -> None:
    hits = _searcher(tmp_path, SEAS).fused(
        Question("What feeds wasps, by the dark seas of the Moon, on hills in July?"), 7
    )
    scores = {hit.passage.article.id: hit.score for hit in hits}
    contrast = {hit.passage.article.id: hit.features.contrast for hit in hits}
    seas = sorted((scores[name] for name in scores if name.startswith("seas")), reverse=True)
    assert min(scores.values()) > 0
    others = sum(sorted((*seas, scores["bees"], scores["tea"]), reverse=True)[:4])
    assert contrast["ivy"] == pytest.approx(1 - others / 4 / scores["ivy"])
    # Those that say the same of the seas do not speak against each other, and a fourth unlike passage is not there.
    unlike = scores["ivy"] + scores["bees"] + scores["tea"]
    assert contrast["seas/Ann"] == pytest.approx(1 - unlike / 4 / scores["seas/Ann"])


def test_the_only_passage_stands_out_wholly(tmp_path: Path) -> None:
    [hit] = _searcher(tmp_path, {"ivy.md": "Ivy feeds wasps in October."}).fused(Question("What feeds wasps?"))
    assert hit.features.contrast == 1.0
