import pytest

from index.search.questions.subquestions import subquestions


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "What feeds bees in July, and how much tea was made in 2022?",
            ("What feeds bees in July", "how much tea was made in 2022"),
        ),
        (
            "Which plain covers the Moon and how many grams came home?",
            ("Which plain covers the Moon", "how many grams came home"),
        ),
        (
            "How dark are the Moon's seas? What feeds bees in July?",
            ("How dark are the Moon's seas", "What feeds bees in July"),
        ),
        (
            "How much black tea was made compared with green tea in 2022?",
            ("How much black tea was made", "green tea in 2022?"),
        ),
        (
            "bees visit flowers WHILE ivy feeds wasps; lavender blooms July",
            ("bees visit flowers", "ivy feeds wasps", "lavender blooms July"),
        ),
        ("红茶的产量是多少？绿茶发酵吗？", ("红茶的产量是多少", "绿茶发酵吗")),
    ],
)
def test_a_question_of_several_parts_is_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert tuple(part.rstrip("?") for part in subquestions(question)) == tuple(part.rstrip("?") for part in parts)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Did sales grow in 2023 and 2024?", ("Did sales grow in 2023?", "Did sales grow 2024?")),
        ("Was it higher in 2022, or in 2023?", ("Was it higher in 2022?", "Was it higher in 2023?")),
        ("2022年和2023年的红茶产量是多少？", ("2022年的红茶产量是多少？", "2023年的红茶产量是多少？")),
        ("How many did Tesla and BYD sell?", ("How many did Tesla sell?", "How many did BYD sell?")),
        ("Who makes more, New Delhi vs. Hong Kong?", ("Who makes more, New Delhi?", "Who makes more, Hong Kong?")),
    ],
)
def test_a_pair_of_years_or_of_names_is_asked_for_each(question: str, parts: tuple[str, ...]) -> None:
    assert subquestions(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What feeds bees in July?",
        "Which soil is dry and dark in June?",  # "and" joins two words, not two questions
        "Who is he? What feeds the bees of the garden?",  # of the first no word tells anything
        "What is lunar soil and how dark are the seas?",  # two telling words are too few for a part
        "Which of 1812 and 2024 rooms are dark?",  # no pair of years
        "Did Ivy and lavender bloom?",
        "What is the price of ivy versus its cost?",
        "",
        "???",
    ],
)
def test_one_question_has_no_parts(question: str) -> None:
    assert subquestions(question) == ()


def test_of_many_parts_the_first_four_count() -> None:
    numbers = ["one two three", "four five six", "seven eight nine", "ten eleven twelve", "red green blue"]

    assert subquestions("? ".join(numbers)) == tuple(numbers[:4])


def test_a_piece_without_enough_words_is_left_out_beside_two_that_have_them() -> None:
    assert subquestions("Lunar soil is dry? Why? Ivy feeds bees, and lavender feeds bees") == (
        "Lunar soil is dry",
        "Ivy feeds bees",
        "lavender feeds bees",
    )


def test_a_verb_that_opens_the_question_is_no_part_of_a_name() -> None:
    assert subquestions("Did Boston Dynamics or Unitree build it?") == (
        "Did Boston Dynamics build it?",
        "Did Unitree build it?",
    )
