import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keywords.tokenizer import STOP_WORDS, has_words, tokenise, word_spans


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The policies were running", ["polici", "run"]),
        ("agreement agreements Agreed", ["agreement", "agreement", "agre"]),
        ("AND Who has been THERE", []),
        ("Élysée NAÏVE naïve STRAẞE", ["elyse", "naiv", "naiv", "strass"]),
        ("cafe\u0301 café", ["cafe", "cafe"]),
        ("ﬁne ＡＢＣ", ["fine", "abc"]),
        ("1,935.3 grams", ["gram", "1935.3"]),
        ("2.8% ２．８％ 1,000,000", ["percent", "percent", "2.8", "2.8", "1000000"]),
        ("In 2025, 120.", ["2025", "120"]),
        ("2026-01-27 v3.11.2", ["v", "januari", "=2026-01-27", "=2026-01", "2026", "3.11.2"]),
        ("3.92 trillion", ["trillion", "3920000000000", "3.92"]),
        ("5 km, 5 kilometres, 5 kilometers", ["kilometr", "kilometr", "kilometr", "5", "5", "5"]),
        ("China's China’s farmers' it's", ["china", "china", "farmer"]),
        ("O'Brien o’brien Xi’an", ["o'brien", "o'brien", "xi'an"]),
        ("sci-tech COVID-19 R&D 5G", ["sci", "tech", "covid", "r", "d", "g", "19", "5"]),
        ("snake_case https://a.example/b", ["snake", "case", "https", "exampl", "b"]),
        ("绿茶不发酵。红茶", ["绿茶", "茶不", "不发", "发酵", "红茶"]),
        ("茶", ["茶"]),
        ("产量为120吨GDP增长", ["产量", "量为", "吨", "gdp", "增长", "120"]),
        ("データ ひらがな", ["デー", "ータ", "ひら", "らが", "がな"]),
        ("기술 정책", ["기술", "정책"]),
        ("Наука και हिन्दी", ["наука", "και", "हिनदी"]),
        ("𠀀𠀁𠀂", ["𠀀𠀁", "𠀁𠀂"]),
    ],
)
def test_a_text_becomes_its_words_in_order_then_its_dates_and_numbers(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


@pytest.mark.parametrize("text", ["", " \n", "🍵🎉", "❤️ 👩‍🚀 🇨🇳 ☀️", "?! … — “”", "'’", "\u0301\u20dd", "\ud800"])
def test_a_text_without_a_letter_or_digit_has_no_word(text: str) -> None:
    assert tokenise(text) == []
    assert not has_words(text)


@pytest.mark.parametrize("text", ["the", "茶", "7", "🍵 tea", "é", "한"])
def test_one_letter_or_digit_of_any_script_is_a_word_even_where_it_is_no_term(text: str) -> None:
    assert has_words(text)


def test_stop_words_are_written_as_they_are_looked_up() -> None:
    assert tokenise(" ".join(STOP_WORDS)) == []
    assert [word for word in STOP_WORDS if word != word.casefold()] == []


@given(st.text())
def test_case_and_form_of_the_letters_never_matter(text: str) -> None:
    fullwidth = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert tokenise(fullwidth) == tokenise(text)
    assert all(tokenise(text))
    assert has_words(text) or tokenise(text) == []


@given(st.text("abcXYZ茶绿발12.,'’-é "))
def test_upper_case_gives_the_same_terms(text: str) -> None:
    assert tokenise(text.upper()) == tokenise(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's 1,935.3 g.", ["It's", "1,935.3", "g"]),
        ("绿茶no", ["绿", "茶", "no"]),
        (" \n.", []),
        ("naïve Übung", ["naïve", "Übung"]),
    ],
)
def test_words_of_a_passage_are_spans_of_it(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in word_spans(text)] == words
