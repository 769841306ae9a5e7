import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages.sentences import is_cjk, sentence_spans

# In each case "|" stands where one sentence ends and the next begins.
ABBREVIATIONS = [
    "Dr. Yin met Mr. Wu.|They spoke.",
    "Dr. Yin vs. Prof. Xu.|Et al. said so.",
    "Maj. Gen. Wu left.|He came back.",
    "J. K. Rowling wrote it.|It sold.",
    "A report by J.-P. S. Wu.|It is short.",
    "The U.S. Congress met.|It ended.",
    "They left the U.S.|The talks failed.",
    "He lives in the U.S. Smith does not.",
    "The U.N. and the E.U.|They met.|U.S.-China talks began.",
    "Made by Foo Inc. in 2024.|Sold by Bar Ltd.|The company closed.",
    "She has a Ph.D. in physics.|He has none.",
    "It closed at 5 p.m. on Monday.|At 5 p.m.|The talks ended.",
    "They met in St. Petersburg.|The rope is 3 ft.|The end.",
    "Some fruit, e.g. Apples.|Others, i.e. Pears.",
    "It funds R&D.|China spends more.",
    "The leader—Dr. Wu—spoke.|He left.",
]
NUMBERS = [
    "It was No. 5 on the list.|Then came No. 6.",
    "It was No.\xa05 on the list.|Then it fell.",
    "The answer was no.|The talks failed.",
    "On Jan. 26, 2026, they met.|On Jan. 27 they left.",
    "BEIJING, Jan. 26 (Xinhua) -- It rose.|It fell in Dec.|The year ended.",
    "It rose 2.8% in 2024.|It fell by 2.8%.|In 2025 it rose by 3.1 percent.",
    "They brought 1,935.3 grams.|That was in 2024.|120 people saw it.",
    "See Fig. 3 and pp. 12-14.|See vol. 2.|Then stop.",
    "1. Plan the work.|2. Do it.",
    "2.1. Scope of the plan.|2.2. Terms.",
    "Version 3.11.2 works.|See example.com for more.",
]
QUOTATIONS = [
    '"It works."|He left.',
    "“It works,” he said.|“It really works!” he added.|Then he left.",
    "He said ‘no.’|Then he left.",
    "He said: “Stop.”|“Go.”",
    "«Oui.»|Il part.",
    "It works (see p. 12).|It is new.",
    "It works.|(It is new.)|They left.",
    "It works [1].|They left.[2]|He stayed.",
    "What?|Yes!|Really?!|No...|Maybe…|Fine.",
    "He waited for Dr...|Wu left.",
    "“Why?” he asked.|“Wait...what?”",
]
CHINESE = [
    "绿茶不发酵。|红茶完全发酵！|真的吗？",
    "他说：“我们开始了。”|会议结束。",
    "他说：「好。」|『再见。』|（见第五条。）|完。",
    '他说："我们开始了。"|会议结束。|"再见。"|完。',
    "“部长说：‘好。’”|完。",
    "新的？！|他……走了。|没有……！|完",
    "增长2.8%。|完成3.6万亿元。",
    "GDP 增长 2.8%。|In 2025 it grew.|中文 Mr. Wu 说。|English wait…what follows.|再见",
    "他说Dr. Wu来了。|好",
]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("marked", ABBREVIATIONS + NUMBERS + QUOTATIONS + CHINESE)
def test_a_sentence_ends_where_a_reader_says_it_ends(marked: str) -> None:
    assert cut(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize("marked", [text for text in CHINESE if "GDP" not in text])
def test_a_chinese_sentence_needs_no_space_after_it(marked: str) -> None:
    assert cut(marked.replace("|", "")) == marked.split("|")


def test_spans_count_code_points_and_leave_the_space_around_them_out() -> None:
    assert sentence_spans("  🍵 Tea. \t茶。Ok ") == [(2, 8), (10, 12), (12, 14)]


def test_only_the_part_that_was_asked_for_is_cut() -> None:
    text = "One. Two. Three. Four."
    assert sentence_spans(text, 5, 14) == [(5, 9), (10, 14)]
    assert sentence_spans(text, 5, 9) == [(5, 9)]


def test_a_line_break_ends_a_sentence_whatever_stands_before_it() -> None:
    assert cut("A heading\nSee Dr.\nNo.\n5 and\n\n茶") == ["A heading", "See Dr.", "No.", "5 and", "茶"]


@pytest.mark.parametrize("text", ["", " \n\t\u3000 "])
def test_no_visible_character_gives_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


@pytest.mark.parametrize(
    "text", ["." * 1_000_000 + "x", "x" * 100_000, "!)" * 50_000 + "x", "Dr. Wu U.S. Xu; " * 6_000]
)
def test_a_long_run_without_an_end_is_one_sentence(text: str) -> None:
    assert sentence_spans(text) == [(0, len(text.rstrip()))]


@given(st.text(st.sampled_from("aBd1 .!?…\"'”’()[]，。！？」\n\t茶U.S🍵")))
def test_every_visible_character_lies_in_exactly_one_sentence_in_order(text: str) -> None:
    spans = sentence_spans(text)
    covered = [position for start, end in spans for position in range(start, end)]
    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() and "\n" not in text[start:end] for start, end in spans)


@pytest.mark.parametrize("character", "茶。，「々かカー㐀豈！　𠀀")
def test_a_chinese_or_japanese_character_is_written_without_spaces(character: str) -> None:
    assert is_cjk(character)


@pytest.mark.parametrize("character", ["", "a", "é", "1", "한", "“", "🍵"])
def test_any_other_character_is_not(character: str) -> None:
    assert not is_cjk(character)
