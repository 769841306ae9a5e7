"""A second opinion on hits: what it does to their order and scores, and which models may give it."""

import json
import logging
import math
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Scores
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.errors import BadModel
from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.reranker import RERANKED, CrossEncoderReranker, load_reranker, reranked
from index.search.searcher import Searcher
from tests.rerankers import WITH_IVY, WITHOUT_IVY, Opinion, ivy_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny model."""
    return ivy_model(tmp_path_factory.mktemp("models") / "ivy")


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossEncoderReranker:
    """The tiny model."""
    return load_reranker(str(folder))


@pytest.fixture(scope="module")
def hit(shared_searcher: Searcher) -> Hit:
    """Some hit, to make others of."""
    return shared_searcher.search(Question("Is lunar soil dry?"))[0]


def _hits(hit: Hit, count: int) -> list[Hit]:
    """Hits of the texts "0", "01", "012" and so on, their scores falling."""
    article = replace(hit.passage.article, text="".join(str(number % 10) for number in range(count)))
    passages = [replace(hit.passage, article=article, start=0, end=number + 1) for number in range(count)]
    return [replace(hit, passage=passage, score=1 - n / count) for n, passage in enumerate(passages)]


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_hits_come_in_the_order_of_the_scores_which_become_logistic(hit: Hit) -> None:
    hits = _hits(hit, 3)
    opinion = Opinion({"0": 0.5, "01": -20.0, "012": 3.0}.__getitem__)
    ordered = reranked(hits, opinion, "Which?")

    assert [found.passage for found in ordered] == [hits[place].passage for place in (2, 0, 1)]
    assert [found.score for found in ordered] == pytest.approx([_logistic(3), _logistic(0.5), _logistic(-20)])
    assert [found.features for found in ordered] == [hit.features] * 3
    assert opinion.asked == [("Which?", ["0", "01", "012"])]


def test_scores_that_look_like_1_are_still_told_apart(hit: Hit) -> None:
    ordered = reranked(_hits(hit, 3), Opinion(lambda text: 600.0 + len(text)), "Which?")

    assert [found.passage.text for found in ordered] == ["012", "01", "0"]


def test_hits_behind_the_best_twenty_stay_behind_them(hit: Hit) -> None:
    hits = _hits(hit, 23)
    opinion = Opinion(lambda text: float(len(text)))
    ordered = reranked(hits, opinion, "Which?")

    assert [len(found.passage.text) for found in ordered] == [*range(20, 0, -1), 21, 22, 23]
    assert len(opinion.asked[0][1]) == RERANKED == 20
    assert [found.score for found in ordered[20:]] == pytest.approx([_logistic(1) * n / 23 for n in (3, 2, 1)])


@pytest.mark.parametrize("logit", [0.0, -700.0, 700.0])
def test_hits_that_are_all_alike_stay_as_they_are(hit: Hit, logit: float) -> None:
    hits = _hits(hit, 4)

    assert reranked(hits, Opinion(lambda text: logit + 1e-9 * len(text)), "?", boost={"moon": 1.0}) == hits
    assert reranked([], Opinion(len), "?") == []


def test_a_preferred_article_gains_as_it_does_without_a_reranker(hit: Hit) -> None:
    hits = _hits(hit, 2)
    liked = replace(hits[1], passage=replace(hits[1].passage, article=replace(hit.passage.article, id="liked")))
    scores: dict[str, float] = {hits[0].passage.text: 0.4, liked.passage.text: 0.0}
    ordered = reranked([hits[0], liked], Opinion(scores.__getitem__), "?", boost={"liked": 0.5})

    bonus = 0.4 * _logistic(0.4)
    assert [found.passage.article.id for found in ordered] == ["liked", "moon"]
    assert [found.score for found in ordered] == pytest.approx(
        [(0.5 + 0.5 * bonus) / (1 + bonus), _logistic(0.4) / (1 + bonus)]
    )


@settings(max_examples=100)
@given(st.lists(st.floats(-1e30, 1e30), max_size=40), st.sampled_from([0.0, 0.5, 1.0]))
def test_no_hit_is_lost_and_scores_fall_from_1_to_0(
    shared_searcher: Searcher, logits: list[float], preference: float
) -> None:
    hits = _hits(shared_searcher.search(Question("soil"))[0], len(logits))
    ordered = reranked(hits, Opinion(lambda text: logits[len(text) - 1]), "?", boost={"moon": preference})

    scores = [found.score for found in ordered]
    assert sorted(len(found.passage.text) for found in ordered) == list(range(1, len(hits) + 1))
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.slow
def test_a_crossencoder_scores_every_pair_by_what_it_reads(reranker: CrossEncoderReranker, folder: Path) -> None:
    texts = ["soil", "soil soil ivy soil soil soil soil", "Ivy", "other words"]
    scores = reranker.scores("What feeds bees?", texts)

    assert scores == pytest.approx([WITHOUT_IVY, WITH_IVY, WITH_IVY, WITHOUT_IVY], abs=1e-5)
    assert (str(scores.dtype), reranker.name) == ("float32", str(folder))
    assert reranker.scores("What feeds bees?", []).tolist() == []


@pytest.mark.slow
def test_what_the_model_cannot_read_to_the_end_is_cut(reranker: CrossEncoderReranker) -> None:
    within, beyond = "soil " * 30 + "ivy", "soil " * 60 + "ivy"

    assert reranker.scores("bees", [within, beyond]) == pytest.approx([WITH_IVY, WITHOUT_IVY], abs=1e-5)


@pytest.mark.slow
def test_threads_may_share_it(reranker: CrossEncoderReranker) -> None:
    texts = [["soil " * (number + 1) + "ivy " * (number % 2), "soil"] for number in range(12)]
    found: dict[int, Scores] = {}

    def ask(number: int) -> None:
        found[number] = reranker.scores("bees " * number, texts[number])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    firsts = [float(found[number][0]) for number in range(12)]
    assert firsts == pytest.approx([WITHOUT_IVY, WITH_IVY] * 6, abs=1e-5)


@pytest.mark.slow
def test_one_that_scores_all_alike_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    name = str(ivy_model(tmp_path / "dull", weight=0))
    reranker = load_reranker(name)
    with caplog.at_level(logging.WARNING):
        reranker.scores("bees", ["ivy"])
        assert caplog.messages == []
        for _ in range(3):
            assert reranker.scores("bees", ["ivy", "soil"]).tolist() == [-2, -2]
    assert caplog.messages == [
        f"the reranker {name!r} gave 2 passages the same score: the order stays as it was. "
        "Where it does so for every question it is no reranker"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("bias", [math.nan, math.inf])
def test_one_that_gives_no_numbers_is_refused_when_it_does(tmp_path: Path, bias: float) -> None:
    name = str(ivy_model(tmp_path / "broken", bias=bias))
    with pytest.raises(BadModel) as refused:
        load_reranker(name).scores("bees", ["ivy", "soil"])
    assert str(refused.value) == (
        f"the reranker {name!r} gave a score that is no number: its weights are damaged or overflow here. "
        "Fetch it again, or leave --reranker (CHAT_RERANKER) out"
    )


@pytest.mark.slow
def test_a_sorter_into_classes_is_refused(tmp_path: Path) -> None:
    name = str(ivy_model(tmp_path / "classes", labels=3))
    with pytest.raises(BadModel) as refused:
        load_reranker(name)
    assert str(refused.value) == (
        f"the reranker {name!r} gives 3 scores for a pair: it sorts into classes, it does not rank. "
        "Name a CrossEncoder with one score"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "found"), [("encoder", "BertModel"), ("unsaid", "no config.json that says what it")])
def test_a_model_without_a_head_for_pairs_is_refused(kind: str, found: str, folder: Path, tmp_path: Path) -> None:
    name = tmp_path / kind
    shutil.copytree(model_folder(DEFAULT_MODEL) if kind == "encoder" else folder, name)
    if kind == "unsaid":
        (name / "config.json").unlink()
    with pytest.raises(BadModel) as refused:
        load_reranker(str(name))
    assert str(refused.value).startswith(f"the reranker {str(name)!r} is no CrossEncoder ({found}")
    assert str(refused.value).endswith("such as cross-encoder/ms-marco-MiniLM-L6-v2")


@pytest.mark.slow
def test_a_crossencoder_of_several_modules_is_known_by_how_it_was_saved(folder: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(folder), local_files_only=True).save(str(tmp_path / "saved"))
    config = json.loads((tmp_path / "saved" / "config.json").read_text("utf-8"))
    (tmp_path / "saved" / "config.json").write_text(json.dumps({**config, "architectures": None}), "utf-8")

    scores = load_reranker(str(tmp_path / "saved")).scores("bees", ["ivy", "soil"])
    assert scores == pytest.approx([WITH_IVY, WITHOUT_IVY], abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("config.json", "[", "is not a JSON object"),
        ("config.json", "[1]", "is not a JSON object"),
        ("model.safetensors", "garbage", "does not load as a CrossEncoder"),
    ],
)
def test_a_damaged_model_is_one_clear_sentence(
    name: str, content: str, said: str, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / name).write_text(content, "utf-8")
    with pytest.raises(BadModel) as refused:
        load_reranker(str(tmp_path / "copy"))
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "copy"))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["nobody/none", "no such/model/anywhere"])
def test_a_model_that_is_not_here_is_not_looked_for_elsewhere(name: str) -> None:
    with pytest.raises(BadModel) as refused:
        load_reranker(name)
    message = str(refused.value)
    assert message.startswith(f"no reranker {name!r}: not a folder, and not in the hub's cache of this machine (")
    assert message.endswith(f"). Fetch it once where there is internet: hf download {name}; or name its folder")
