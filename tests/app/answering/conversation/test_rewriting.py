"""Follow-ups that put another year or name into the question before them."""

import pytest

from app.answering.conversation.followup import FollowUp, question_after
from app.answering.conversation.rewriting import fragment, rewritten

RANK = "Where did China rank in the Global Innovation Index 2020?"
CITY = "What was Beijing's R&D intensity in 2024?"
PATENTS = "2022年底每万人口高价值发明专利有多少件？"
TEN_TURNS = (
    *("Hello!", "Who runs the fund?", "when was that?", RANK, "What about 2023?"),
    *("thanks", "and the year after?", "more", "why?", "the second one"),
)


@pytest.mark.parametrize(
    ("text", "before", "meant"),
    [
        ("and in 2022?", RANK, "Where did China rank in the Global Innovation Index 2022?"),
        ("the same for 2023", RANK, "Where did China rank in the Global Innovation Index 2023?"),
        ("2019?", RANK, "Where did China rank in the Global Innovation Index 2019?"),
        ("What was it in 2018?", RANK, "Where did China rank in the Global Innovation Index 2018?"),
        ("what about the one for 2022?", RANK, "Where did China rank in the Global Innovation Index 2022?"),
        ("And the year before?", RANK, "Where did China rank in the Global Innovation Index 2019?"),
        ("and before that?", RANK, "Where did China rank in the Global Innovation Index 2019?"),
        ("the following year?", RANK, "Where did China rank in the Global Innovation Index 2021?"),
        ("four years earlier?", CITY, "What was Beijing's R&D intensity in 2020?"),
        ("and in April 2023?", "How long did it burn in January 2025?", "How long did it burn in April 2023?"),
        ("and in 2024?", "How many members are there?", "How many members are there in 2024?"),
        ("那2024年底呢？", PATENTS, "2024年底每万人口高价值发明专利有多少件？"),
        ("2020年呢？", PATENTS, "2020年每万人口高价值发明专利有多少件？"),
        ("那前一年呢?", PATENTS, "2021年底每万人口高价值发明专利有多少件？"),
        ("两年后呢？", PATENTS, "2024年底每万人口高价值发明专利有多少件？"),
        ("and now?", CITY, "What was Beijing's R&D intensity currently?"),
        ("How about today?", CITY, "What was Beijing's R&D intensity currently?"),
        ("现在呢？", PATENTS, "现在每万人口高价值发明专利有多少件？"),
        ("What about Shanghai?", CITY, "What was Shanghai's R&D intensity in 2024?"),
        ("and Germany?", RANK, "Where did Germany rank in the Global Innovation Index 2020?"),
        ("and Jiuzhang 3.0?", "How fast is Jiuzhang 4.0?", "How fast is Jiuzhang 3.0?"),
        ("compare that with Shanghai", CITY, f"{CITY} Compare Beijing with Shanghai"),
        ("And how does that compare to Shanghai?", CITY, f"{CITY} Compare Beijing with Shanghai"),
        ("versus Shanghai?", CITY, f"{CITY} Compare Beijing with Shanghai"),
    ],
)
def test_another_year_or_name_is_put_into_the_question_before(text: str, before: str, meant: str) -> None:
    rewriting = rewritten(text, before)
    assert rewriting
    assert rewriting.text == meant


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("and in 2022?", "Did it grow between 2019 and 2021?"),  # which of the two?
        ("And the year before?", "Who chairs the fund?"),
        ("What about Shanghai?", "Did Beijing overtake Tokyo?"),
        ("What about Shanghai?", "What is measured?"),
        ("and universities?", CITY),
        ("And in October?", "Which plants feed bees in July?"),
        ("Compare lunar soil with Shanghai", CITY),
        ("What happened in 2022?", RANK),
        ("In 2022 the fund was founded, who runs it?", RANK),
        ("Who chairs the fund for 2022?", RANK),
        ("and when was Germany measured?", RANK),
        ("and in 2022?" + " " * 500, RANK),
        ("and in 2022?", RANK + " x" * 300),
    ],
)
def test_a_text_that_says_more_or_leaves_it_open_is_not_rewritten(text: str, before: str) -> None:
    assert rewritten(text, before) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("and universities?", "universities"),
        ("What about phase one?", "phase one"),
        ("And in October?", "October"),
        ("What if it is blue?", "blue"),
        ("What if it rains?", ""),
        ("And it?", ""),
        ("And why not?", ""),
        ("What about bees that fly in winter and summer?", ""),
        ("Universities", ""),
    ],
)
def test_the_words_that_a_follow_up_without_a_verb_puts_in(text: str, words: str) -> None:
    assert fragment(text) == words


def test_in_a_conversation_of_ten_turns_the_last_question_that_stands_alone_is_the_subject() -> None:
    question = question_after("and two years earlier?", TEN_TURNS)
    assert isinstance(question, FollowUp)
    assert question.text == "Where did China rank in the Global Innovation Index 2022?"
    assert question.asked == "and two years earlier?"
    assert question_after("who says so?", TEN_TURNS).context.questions[0] == (
        "Where did China rank in the Global Innovation Index 2024?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Who chairs the National Venture Capital Guidance Fund?",
        "Compare Beijing and Shanghai",
        "How many zones were there in 2016?",
        "What changed in the year before the reform?",
        "More women in science: what does the plan say?",
        "What do other articles of the treaty regulate?",
        "Who came second in the 2024 ranking?",
        "Which is the first passage through the strait?",
        "Why did the output fall in 2022?",
        "Virtualization",
        "基金公司的董事长是谁，由谁任命？",
    ],
)
def test_a_question_that_stands_alone_is_not_changed_by_its_history(text: str) -> None:
    question = question_after(text, TEN_TURNS)
    assert (question.text, question.context.leads) == (text, False)
    assert not isinstance(question, FollowUp)


def test_a_follow_up_can_be_read_alone() -> None:
    assert question_after("and in 2022?", [RANK], ["history"]) == question_after("and in 2022?", [])


@pytest.mark.parametrize(
    ("text", "before", "meant", "year"),
    [
        ("What does it rise to three years later?", "What should the share be by 2027?", "in 2030?", "2030"),
        ("How much was it the year before, then?", "What was turnover in 2024?", "in 2023, then?", "2023"),
        ("How high was it the following year?", "How high was the levee in 1999?", "in 2000?", "2000"),
        ("Who led it two years earlier?", "Who led the ministry in 2020?", "in 2018?", "2018"),
        ("三年后要达到多少？", "2027年普及率要达到多少？", "2030年要达到多少？", "2030"),
    ],
)
def test_a_time_told_by_that_of_the_question_before_is_the_year_that_it_means(
    text: str, before: str, meant: str, year: str
) -> None:
    question = question_after(text, [before])
    assert isinstance(question, FollowUp)
    assert question.text.endswith(meant)
    assert (question.asked, question.meant, question.focus) == (text, question.text, year)
    assert (question.context.questions, question.context.leads, question.after) == ((before,), True, (before,))


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("What did he do the year before he was elected?", "Who led the ministry in 2020?"),
        ("How many years later was it closed?", "Who led the ministry in 2020?"),
        ("Was it founded before the war?", "Who led the ministry in 2020?"),
        ("How much was it the year before?", "Who leads the ministry?"),
        ("How much was it the year before?", "What did the plan of 2018 want by 2020?"),
        ("Was it more in 2022 than the year before?", "What was turnover in 2024?"),
        ("Which museum opened the year before?", "Who led the ministry in 2020?"),
        ("What was it like years before?", "Who led the ministry in 2020?"),
        ("Was it more than the year before?", "What was turnover in 2024?"),
        ("Did it grow compared with the previous year?", "What was turnover in 2024?"),
        ("What will it cost next year?", "What did the ticket cost in 2024?"),
    ],
)
def test_any_other_time_before_or_after_is_left_as_it_was_typed(text: str, before: str) -> None:
    assert question_after(text, [before]).text == text
