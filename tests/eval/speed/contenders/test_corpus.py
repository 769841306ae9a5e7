import random
from pathlib import Path

import numpy as np

from eval.speed.contenders.corpus import Cut, filled, plain_sentences, read_passages, write_corpus, write_larger
from eval.speed.growth.synthetic import BlendedEncoder, vocabulary, write_articles
from index.reading.folder import read_folder
from tests.hashing import HashingEncoder

COUNT = HashingEncoder().count_tokens
TEXTS = ["The Moon has seas. Seas of dust, seas of basalt.", "Bees like the ivy, 茶"]


def larger(folder: Path, target: Path, size: int) -> tuple[list[Cut], list[Cut]]:
    """The passages of the articles, and those of the larger corpus."""
    write_corpus(folder, target / "real.json", COUNT)
    real = read_passages(target / "real.json")
    write_larger(folder, target / "larger", COUNT, real, size)
    described = write_corpus(target / "larger", target / "all.json", COUNT)
    found = read_passages(target / "all.json")
    assert described == {"articles": str(target / "larger"), "passages": str(target / "all.json"), "count": len(found)}
    return real, found


def test_a_larger_corpus_has_distinct_passages_those_of_the_articles_among_them(folder: Path, tmp_path: Path) -> None:
    real, found = larger(folder, tmp_path, 25)
    assert set(real) <= set(found)
    assert len({text for text, *_ in found}) == len(found)
    assert 20 <= len(found) <= 25


def test_a_corpus_is_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    assert larger(folder, tmp_path / "first", 20) == larger(folder, tmp_path / "second", 20)


def test_a_limit_is_filled_until_no_other_sentence_fits() -> None:
    sizes = {"four": 4, "three": 3, "third": 3, "nine": 9}
    texts = {filled(random.Random(seed), sizes, 7) for seed in range(20)}  # noqa: S311 - a shuffle
    assert {sum(sizes[word] for word in text.split()) for text in texts} == {6, 7}


def test_joined_passages_hold_nothing_but_sentences_of_the_articles(folder: Path, tmp_path: Path) -> None:
    _, found = larger(folder, tmp_path, 20)
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


def test_sentences_with_marks_of_markdown_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "title": "A", "text": "Plain. Five < six. Plain."}', "utf-8")
    assert plain_sentences(tmp_path) == ["Plain."]


def articles(folder: Path) -> Path:
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.md").write_text(text, "utf-8")
    return folder


def test_a_vocabulary_begins_with_the_frequent_words_and_goes_on_with_joined_ones(tmp_path: Path) -> None:
    found = vocabulary(articles(tmp_path), 40)
    assert found[:5] == ["seas", "of", "the", "basalt", "bees"]
    assert (len(found), len(set(found))) == (40, 40)
    assert found == vocabulary(tmp_path, 40)


def test_synthetic_articles_have_so_many_passages_and_are_the_same_every_time(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(40)]
    for name in ("first", "second"):
        write_articles(tmp_path / name, 45, words)
    count = BlendedEncoder(HashingEncoder(), TEXTS).count_tokens
    assert write_corpus(tmp_path / "first", tmp_path / "passages.json", count)["count"] == 45
    first, second = (list(read_folder(tmp_path / name).articles) for name in ("first", "second"))
    assert first == second
    assert [len(article.blocks) for article in first] == [20, 20, 5]


def test_blended_vectors_depend_on_their_text_alone() -> None:
    encoder = BlendedEncoder(HashingEncoder(), TEXTS)
    whole, own = encoder.passages(["one. two.", "three."], [[(0, 4), (5, 9)], [(0, 6)]])
    alone, parts = encoder.passages(["three."], [[(0, 6)]])
    np.testing.assert_array_equal(whole[1], alone[0])
    np.testing.assert_array_equal(own[2], parts[0])
    np.testing.assert_allclose(np.linalg.norm([*whole, *own], axis=1), 1, rtol=1e-6)
    assert own[0] @ whole[0] > 0.7 > abs(float(own[0] @ own[1])) - 0.3
    assert not np.array_equal(own[0], own[1])


def test_questions_are_encoded_by_the_real_encoder() -> None:
    np.testing.assert_array_equal(
        BlendedEncoder(HashingEncoder(), TEXTS).questions(["Which seas?"]),
        HashingEncoder().questions(["Which seas?"]),
    )
