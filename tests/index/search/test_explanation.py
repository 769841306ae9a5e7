"""Why a passage is found: sums that must be the scores themselves."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.model_files import DEFAULT_MODEL, Identity, identify
from index.errors import BadQuestion, NoPassage
from index.search.explanation import Explanation, Share, Word
from index.search.hits import Hit
from index.search.questions.question import ALONE, Context, Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import ARTICLES, write_articles
from tests.encoders import tiny_encoders
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

QUESTION = "How many grams of lunar soil did a lunar probe bring to Earth?"
SOIL = "moon:0-82"
ROUNDED = 2e-4  # vectors are kept in half precision


def _explain(searcher: Searcher, hit: Hit, question: str, context: Context = ALONE) -> Explanation:
    passage = hit.passage
    return searcher.explain(Question(question, context), passage.article.id, passage.start, passage.end)


def _total(explanation: Explanation) -> float:
    assert explanation.shares is not None
    assert explanation.rest is not None
    return sum(share.share for share in explanation.shares) + explanation.rest


def _searcher(tmp_path: Path, identity: Identity) -> Searcher:
    build(write_articles(tmp_path / "articles", ARTICLES), tmp_path / "index", identity)
    return Searcher.open(open_location(tmp_path / "index").open())


def test_matched_words_stand_as_they_were_asked_and_sum_to_bm25(searcher: Searcher) -> None:
    hit = next(hit for hit in searcher.search(Question(QUESTION)) if hit.passage.id == SOIL)
    words = _explain(searcher, hit, QUESTION).words

    assert sorted(word.word for word in words) == ["Earth", "grams", "lunar", "probe", "soil"]
    assert words[0].word == "lunar"  # asked twice
    single = {word.word: word.weight for word in _explain(searcher, hit, "lunar").words}
    assert words[0].weight == pytest.approx(2 * single["lunar"])
    assert sum(word.weight for word in words) == pytest.approx(hit.features.bm25, abs=1e-5)


def test_a_word_that_was_respelled_stands_as_it_was_asked_and_its_weight_is_part_of_bm25(searcher: Searcher) -> None:
    question = "Which plains are of bazalt?"
    hit = searcher.search(Question(question))[0]
    words = _explain(searcher, hit, question).words

    assert {word.word for word in words} == {"plains", "bazalt"}
    assert sum(word.weight for word in words) == pytest.approx(hit.features.bm25, abs=1e-5)
    assert {word.word for word in _explain(searcher.literal(), hit, question).words} == {"plains"}


def test_the_sentence_is_the_one_that_the_hit_shows(searcher: Searcher) -> None:
    for hit in searcher.search(Question(QUESTION)):
        assert _explain(searcher, hit, QUESTION).sentence == hit.best_sentence


def test_words_of_cjk_scripts_are_pairs_and_numbers_are_whole(searcher: Searcher) -> None:
    tea = _explain(searcher, searcher.search(Question("红茶的产量"))[0], "红茶的产量")
    grams = _explain(searcher, searcher.search(Question("1935.3"))[0], "Why 1935.3?")

    assert {word.word for word in tea.words} == {"红茶", "产量"}
    assert [word.word for word in grams.words] == ["1935.3"]


def test_without_a_common_word_none_is_named(searcher: Searcher) -> None:
    explanation = searcher.explain(Question("Which orchestra toured Portugal?"), "moon", 0, 82)

    assert explanation.words == ()
    assert explanation.lines()[0] == "words: none of the question"


def test_a_context_is_read_with_the_question(searcher: Searcher) -> None:
    context = Context(("What feeds bees?",), 0.6, leads=True)
    hit = searcher.search(Question("And in July?", context))[0]
    explanation = _explain(searcher, hit, "And in July?", context)

    assert {word.word for word in explanation.words} == {"feeds", "bees", "July"}
    assert sum(word.weight for word in explanation.words) == pytest.approx(hit.features.bm25, abs=1e-5)
    assert explanation.cosine == pytest.approx(hit.features.passage, abs=1e-6)
    assert _total(explanation) == pytest.approx(hit.features.passage, abs=ROUNDED)
    assert explanation.sentence == hit.best_sentence


def test_for_people_it_is_two_lines_with_the_heaviest_words_first() -> None:
    shares = tuple(Share(word, 0, 4, share) for word, share in zip("abcdefgh", (8, -9, 7, 1, 2, 3, 4, 5), strict=True))
    explanation = Explanation((Word("soil", 1.25), Word("dry", 0.5)), (0, 4), 0.25, shares, 0.1)

    assert explanation.lines() == [
        "words: soil 1.25, dry 0.50",
        "meaning: cosine 0.250, most of it from a 8.000, c 7.000, h 5.000, g 4.000, f 3.000, e 2.000",
    ]
    assert replace(explanation, shares=None, rest=None).lines()[1] == "meaning: cosine 0.250"


def test_as_json_it_has_the_fields_of_the_interface() -> None:
    explanation = Explanation((Word("soil", 1.25),), (3, 9), 0.25, (Share("soil", 3, 7, 0.2),), 0.05)

    assert explanation.to_json() == {
        "words": ({"word": "soil", "weight": 1.25},),
        "sentence": {"start": 3, "end": 9},
        "cosine": 0.25,
        "shares": ({"word": "soil", "start": 3, "end": 7, "share": 0.2},),
        "rest": 0.05,
        "reader": None,
        "quote": "",
    }


@settings(max_examples=80)
@given(st.text(max_size=60))
def test_for_any_question_the_sums_are_the_scores(shared_searcher: Searcher, question: str) -> None:
    try:
        hits = shared_searcher.search(Question(question))
    except BadQuestion:
        return
    for hit in hits:
        explanation = _explain(shared_searcher, hit, question)
        assert sum(word.weight for word in explanation.words) == pytest.approx(hit.features.bm25, abs=1e-4)
        assert _total(explanation) == pytest.approx(hit.features.passage, abs=ROUNDED)
        assert explanation.sentence == hit.best_sentence


@pytest.mark.slow
def test_an_encoder_that_pools_otherwise_has_no_shares(tmp_path: Path) -> None:
    searcher = _searcher(tmp_path, identify(str(tiny_encoders(tmp_path) / "cls")))
    hit = searcher.search(Question(QUESTION))[0]
    explanation = _explain(searcher, hit, QUESTION)

    assert (explanation.shares, explanation.rest) == (None, None)
    assert explanation.cosine == pytest.approx(hit.features.passage, abs=1e-6)
    assert explanation.sentence == hit.best_sentence


@pytest.mark.slow
def test_with_the_default_encoder_every_share_of_every_hit_adds_up(tmp_path: Path) -> None:
    searcher = _searcher(tmp_path, identify(DEFAULT_MODEL))
    context = Context(("What do bees like?",), 0.6, leads=True)
    for question, earlier in ((QUESTION, ALONE), ("绿茶发酵吗？", ALONE), ("And in July?", context)):
        for hit in searcher.search(Question(question, earlier)):
            explanation = _explain(searcher, hit, question, earlier)
            assert _total(explanation) == pytest.approx(hit.features.passage, abs=2e-3)  # bfloat16, in another batch
            assert sum(word.weight for word in explanation.words) == pytest.approx(hit.features.bm25, abs=1e-5)
    shares = searcher.explain(Question(QUESTION), "moon", 0, 82).shares
    assert shares is not None
    assert " ".join(share.word for share in shares) == (
        "Soil Lunar soil is dry A probe brought 1,935.3 grams of it to Earth in June 2024"
    )
    assert max(shares, key=lambda share: share.share).word == "1,935.3"


@pytest.mark.parametrize(
    ("article", "start", "end"),
    [("none", 0, 82), ("moon", 1, 82), ("moon", 0, 81), ("moon", 0, 170), ("zh/tea", 0, 82)],
)
def test_what_is_no_passage_is_told(searcher: Searcher, article: str, start: int, end: int) -> None:
    with pytest.raises(NoPassage) as refused:
        searcher.explain(Question(QUESTION), article, start, end)
    assert str(refused.value) == (f"{article!r} has no passage {start}-{end} in the build that is live. Ask again")


def test_what_cannot_be_searched_cannot_be_explained(searcher: Searcher) -> None:
    with pytest.raises(BadQuestion):
        searcher.explain(Question("🙂"), "moon", 0, 82)


def test_the_passage_with_a_prefix_of_the_index_adds_up(tmp_path: Path) -> None:
    identity = replace(IDENTITY, question_prefix="query: ", passage_prefix="passage: ")
    build(write_articles(tmp_path / "articles", ARTICLES), tmp_path / "index", identity, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    for hit in searcher.search(Question(QUESTION)):
        explanation = _explain(searcher, hit, QUESTION)
        assert _total(explanation) == pytest.approx(hit.features.passage, abs=ROUNDED)
        assert explanation.rest != 0
