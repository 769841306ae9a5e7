from pathlib import Path

import numpy as np
import pytest

from eval.speed.contender import Failed
from eval.speed.contenders.corpus import cut, read_passages, write_larger, write_real
from eval.speed.growth.synthetic import BlendedEncoder, vocabulary, write_articles
from index.reading.folder import read_folder
from tests.hashing import IDENTITY, HashingEncoder

COUNT = HashingEncoder().count_tokens
TEXTS = ["The Moon has seas. Seas of dust, seas of basalt.", "Bees like the ivy, 茶"]


@pytest.mark.parametrize("passages", [7, 25])
def test_a_larger_corpus_has_just_so_many_passages_the_articles_own_among_them(
    folder: Path, tmp_path: Path, passages: int
) -> None:
    real = read_passages(write_real(folder, tmp_path / "real", COUNT).passages)
    corpus = write_larger(folder, tmp_path / "all", COUNT, passages)
    found = read_passages(corpus.passages)
    assert len(found) == passages
    assert set(real) <= set(found)
    assert len({text for text, *_ in found}) == passages
    assert found == cut(corpus.articles, COUNT)


def test_a_corpus_that_has_another_number_of_passages_is_refused(folder: Path, tmp_path: Path) -> None:
    real = len(read_passages(write_real(folder, tmp_path / "real", COUNT).passages))
    message = rf"gives {real} passages, not {real - 1}; ask for another number with --passages$"
    with pytest.raises(Failed, match=message):
        write_larger(folder, tmp_path / "all", COUNT, real - 1)
    corpus = write_larger(folder, tmp_path / "same", COUNT, real)
    assert len(read_passages(corpus.passages)) == real


def test_a_corpus_of_too_few_sentences_is_refused(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "moon.md").write_text("Lunar soil is dry.", "utf-8")
    with pytest.raises(Failed, match=r"gives \d passages, not 50; ask for another number with --passages$"):
        write_larger(tmp_path / "articles", tmp_path / "all", COUNT, 50)


def test_a_corpus_is_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    first, second = (
        read_passages(write_larger(folder, tmp_path / name, COUNT, 20).passages) for name in ("first", "second")
    )
    assert first == second


def test_joined_passages_hold_nothing_but_sentences_of_the_articles(folder: Path, tmp_path: Path) -> None:
    found = read_passages(write_larger(folder, tmp_path / "all", COUNT, 20).passages)
    joined = " ".join(text for text, article, *_ in found if article.startswith("joined"))
    for sentence in (
        "Lunar soil is dry.",
        "A probe brought 1,935.3 grams of it to Earth in June 2024.",
        "The dark seas of the Moon are basalt plains.",
        "They cover 16 percent of its surface.",
        "A honey bee visits about 2,000 flowers a day.",
        "Lavender feeds bees in July.",
        "Ivy feeds bees in October.",
        "绿茶不发酵。",
        "红茶完全发酵，产量为120吨。",
    ):
        assert sentence in joined
        joined = joined.replace(sentence, "")
    assert joined.strip() == ""


def test_a_vocabulary_begins_with_the_frequent_words_and_goes_on_with_joined_ones() -> None:
    found = vocabulary(TEXTS, 40)
    assert found[:5] == ["seas", "of", "the", "basalt", "bees"]
    assert (len(found), len(set(found))) == (40, 40)
    assert found == vocabulary(TEXTS, 40)


def test_synthetic_articles_have_so_many_passages_and_are_the_same_every_time(tmp_path: Path) -> None:
    words = vocabulary(TEXTS, 40)
    for name in ("first", "second"):
        write_articles(tmp_path / name, 45, words)
    assert len(cut(tmp_path / "first", BlendedEncoder(IDENTITY, real=HashingEncoder()).count_tokens)) == 45
    first, second = (list(read_folder(tmp_path / name).articles) for name in ("first", "second"))
    assert first == second
    assert [len(article.blocks) for article in first] == [20, 20, 5]


def test_blended_vectors_depend_on_their_text_alone() -> None:
    encoder = BlendedEncoder(IDENTITY, TEXTS, real=HashingEncoder())
    whole, own = encoder.passages(["one. two.", "three."], [[(0, 4), (5, 9)], [(0, 6)]])
    alone, parts = encoder.passages(["three."], [[(0, 6)]])
    np.testing.assert_array_equal(whole[1], alone[0])
    np.testing.assert_array_equal(own[2], parts[0])
    np.testing.assert_allclose(np.linalg.norm([*whole, *own], axis=1), 1, rtol=1e-6)
    assert own[0] @ whole[0] > 0.7 > abs(float(own[0] @ own[1])) - 0.3
    assert not np.array_equal(own[0], own[1])


def test_questions_are_encoded_by_the_real_encoder() -> None:
    np.testing.assert_array_equal(
        BlendedEncoder(IDENTITY, TEXTS, real=HashingEncoder()).questions(["Which seas?"]),
        HashingEncoder().questions(["Which seas?"]),
    )
