"""What each word adds to a cosine: nothing is lost between tokens and words, and the sum is the cosine."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.encoder import Encoder
from index.encoder.model_files import identify
from index.encoder.torch_encoder import load_reference
from index.search.explanation import Share, shared
from tests.encoders import tiny_encoders


def test_tokens_are_put_together_by_word_and_what_lies_in_none_is_the_rest() -> None:
    parts = [
        ((0, 0), 0.5),
        ((0, 4), 1.0),
        ((4, 6), 2.0),
        ((6, 7), 4.0),
        ((8, 10), 8.0),
        ((10, 12), 16.0),
        ((-5, 0), 32),
    ]
    shares, rest = shared("unaffi, 绿茶不发 left", 100, parts)

    assert shares == (
        Share("unaffi", 100, 106, 3.0),
        Share("绿茶", 108, 110, 8.0),
        Share("不发", 110, 112, 16.0),
    )
    assert rest == 36.5


def test_a_token_that_reaches_over_words_makes_them_one() -> None:
    shares, rest = shared("to be or", 0, [((-1, 5), 1.0), ((5, 8), 2.0), ((7, 8), 4.0)])

    assert shares == (Share("to be", 0, 5, 1.0), Share("or", 6, 8, 6.0))
    assert rest == 0


@settings(max_examples=150)
@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-3, 42), st.integers(-3, 42), st.floats(-1, 1))))
def test_nothing_is_lost_in_putting_tokens_together(text: str, raw: list[tuple[int, int, float]]) -> None:
    parts = [((start, min(end, len(text))), part) for start, end, part in raw]
    shares, rest = shared(text, 7, parts)

    assert sum(share.share for share in shares) + rest == pytest.approx(sum(part for _, part in parts), abs=1e-9)
    ends = [7, *(share.end for share in shares)]
    assert all(before <= share.start < share.end for before, share in zip(ends, shares, strict=False))
    assert [share.word for share in shares] == [text[share.start - 7 : share.end - 7] for share in shares]


@pytest.mark.slow
@settings(max_examples=30)
@given(text=st.text("lunar soil is dry.\nbees绿", max_size=120), prefix=st.sampled_from(["", "bees fly: "]))
def test_with_any_mean_the_parts_sum_to_the_cosine(mean_models: dict[str, Encoder], text: str, prefix: str) -> None:
    encoder = mean_models[prefix]
    question = encoder.questions(["Is lunar soil dry?"])[0]
    parts = encoder.parts(text, question)

    assert parts is not None
    cosine = float(encoder.passages([text], [[]])[0][0] @ question)
    assert sum(part for _, part in parts) == pytest.approx(cosine, abs=1e-5)
    shares, rest = shared(text, 0, parts)
    assert sum(share.share for share in shares) + rest == pytest.approx(cosine, abs=1e-5)
    assert all(share.word.strip() for share in shares)


@pytest.fixture(scope="module")
def mean_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Encoder]:
    """The tiny model that takes the mean, by its passage prefix."""
    name = str(tiny_encoders(tmp_path_factory.mktemp("tiny")) / "mean")
    return {prefix: load_reference(identify(name, passage_prefix=prefix)) for prefix in ("", "bees fly: ")}


@pytest.mark.slow
def test_words_that_the_encoder_does_not_read_have_no_share(mean_models: dict[str, Encoder]) -> None:
    encoder = mean_models[""]
    text = "dry " * 50 + "bees"
    parts = encoder.parts(text, encoder.questions(["bees"])[0])

    assert parts is not None
    assert len(parts) == 40
    assert {share.word for share in shared(text, 0, parts)[0]} == {"dry"}


@pytest.mark.slow
def test_what_a_prefix_adds_is_the_rest_and_no_word_of_the_passage(mean_models: dict[str, Encoder]) -> None:
    question = mean_models[""].questions(["bees"])[0]
    parts = mean_models["bees fly: "].parts("Soil is dry.", question)

    assert parts is not None
    spans = [span for span, _ in parts]
    assert spans[:4] + spans[-1:] == [(-10, -10), (-10, -6), (-5, -2), (-2, -1), (-10, -10)]
    assert spans[4:-1] == [(0, 4), (5, 7), (8, 11), (11, 12)]
    shares, rest = shared("Soil is dry.", 0, parts)
    assert [share.word for share in shares] == ["Soil", "is", "dry"]
    outside = [part for (_, end), part in parts if end <= 0 or end == 12]
    assert rest == pytest.approx(sum(outside), abs=1e-12)
