"""Near spellings: what is taken for a slip, and what is left as it is."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import BadModel
from index.keywords.tokenizer import tokenise
from index.search.questions.dictionary import rightly_spelled
from index.search.questions.spelling import corrections_of, respelled


class Words(set[str]):
    """An index.vocabulary.Vocabulary."""

    passages = 1

    def document_frequencies(self, words: Iterable[str]) -> dict[str, int]:
        return {word: 1 for word in words if word in self}

    def beginning(self, letter: str) -> list[str]:
        return sorted(word for word in self if word.startswith(letter))


VOCABULARY = Words("lunar basalt orchestra flower flour planet plane kuiper 12345 москва θεατρο red 红茶 x86y7".split())


def _as_written(words: Iterable[str]) -> dict[str, str]:
    return {word: word for word in words}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("baslat", "basalt"),  # neighbours changed
        ("orchesta", "orchestra"),  # a letter less
        ("luunar", "lunar"),  # a letter more
        ("bazalt", "basalt"),  # another letter
        ("мосвка", "москва"),
        ("θεατρα", "θεατρο"),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(word: str, meant: str) -> None:
    assert respelled(_as_written([word]), VOCABULARY) == {word: meant}


@pytest.mark.parametrize(
    "word",
    [
        "lunar",  # is there
        "lunra",  # words of five letters have neighbours by chance
        "basal",
        "planer",  # as near to planet as to plane
        "vasalt",  # the first letter is wrong
        "bazaltt",  # two slips
        "orxhextra",
        "lunarr",  # a letter more at the end makes another word or a name
        "Bazalt",  # names, acronyms and codes have capital letters
        "BAZALT",
        "rad",  # too short
        "12346",  # a number is no slip of another
        "红茶的产量",
        "x86y8",
        "portugal",  # near none
        "",
    ],
)
def test_any_other_word_is_left_as_it_is(word: str) -> None:
    assert respelled(_as_written([word]), VOCABULARY) == {}


@pytest.mark.parametrize(
    ("word", "near"), [("expensive", "extensive"), ("general", "generate"), ("cheaper", "cheapen")]
)
def test_a_word_of_the_dictionary_is_no_slip(word: str, near: str) -> None:
    assert corrections_of(f"What is {word}?", Words(tokenise(near))) == {}


def test_without_the_package_of_the_dictionary_slips_are_read_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> Path:
        raise BadModel("the package is not installed")

    monkeypatch.setattr("index.search.questions.dictionary.model_folder", missing)
    rightly_spelled.cache_clear()
    try:
        assert rightly_spelled() == frozenset()
        assert respelled(_as_written(["bazalt"]), VOCABULARY) == {"bazalt": "basalt"}
    finally:
        rightly_spelled.cache_clear()


def test_rare_words_are_no_corrections() -> None:
    large = Words({"basalt"})
    large.passages = 2000
    assert respelled(_as_written(["bazalt"]), large) == {}
    large.passages = 1000
    assert respelled(_as_written(["bazalt"]), large) == {"bazalt": "basalt"}


def test_words_of_another_language_are_left_as_they_are() -> None:
    words = Words({"information", "gesellschaft", "orchestra"})
    assert corrections_of("welche informatoin gesellschafd orchestro", words) == {}
    assert corrections_of("orchestro information", words) == {"orchestro": "orchestra"}


def test_several_words_are_each_read_by_themselves() -> None:
    assert respelled(_as_written(["kupier", "lunar", "planet", "bazalt"]), VOCABULARY) == {
        "kupier": "kuiper",
        "bazalt": "basalt",
    }
    assert respelled(_as_written([]), VOCABULARY) == {}
    assert respelled(_as_written(["kupier"]), Words()) == {}


_words = st.text("abcdeé", min_size=1, max_size=10)


@settings(max_examples=200)
@given(st.sets(_words, max_size=12), st.lists(_words, max_size=4))
def test_only_unknown_words_change_and_only_to_known_ones_of_the_same_beginning(
    vocabulary: set[str], words: list[str]
) -> None:
    found = respelled(_as_written(words), Words(vocabulary))

    assert set(found) <= {word for word in words if len(word) >= 6} - vocabulary
    for word, meant in found.items():
        assert meant in vocabulary
        assert (meant[0], abs(len(meant) - len(word)) <= 1) == (word[0], True)


def test_a_slip_that_changed_the_stem_is_seen_by_the_word_as_it_is_written() -> None:
    assert tokenise("orchesting") == ["orchest"]
    assert corrections_of("orchesting", Words({"orchestyng"})) == {"orchest": "orchestyng"}


def test_a_short_stem_is_no_slip_of_another() -> None:
    assert tokenise("sharks") == ["shark"]
    assert corrections_of("Where are the sharks?", Words({"share"})) == {}


def test_of_many_unknown_words_the_first_sixteen_are_looked_at() -> None:
    slips = [f"orch{letter}stra" for letter in "abcdfghijklmnopqrstuvwxyz"]
    known = [f"kuiper{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert len(respelled(_as_written([*slips, *known]), Words({"orchestra", *known}))) == 16


@pytest.mark.parametrize("text", ['the "luunar baslat"', "the “luunar baslat”", "„luunar“ «baslat»"])
def test_quoted_words_are_wanted_as_they_are(text: str) -> None:
    assert corrections_of(text, VOCABULARY) == {}
    assert corrections_of(f"{text} orchesta", VOCABULARY) == {"orchesta": "orchestra"}
