import pytest

from index.search.questions.names import Name, names_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is Ding Xuexiang?", ("ding", "xuexiang")),
        ("What does NASA plan with ESA and with NASA?", ("nasa", "esa")),
        ("NASA plans what?", ("nasa",)),  # two capital letters make a name of an opening word
        ("McDonald opened it?", ("mcdonald",)),
        ("When did GPT-4 read 1,935.3 grams in 2024?", ("gpt", "4", "1935.3", "2024")),
        ("Who is Mr. Smith of St. Petersburg?", ("smith", "petersburg")),  # a title ends no sentence
        ("Did J. R. Smith ask?", ("smith",)),  # initials tell nothing
        ("Who sang “Moss” and ‘Fern’: Oak?", ("moss", "fern", "oak")),  # a quotation mark opens no sentence
        ("Is it x86 or 5G?", ("x", "86", "5", "g")),
        ("Who raised $14bn for 185000 km2 and 12km?", ("14000000000", "185000", "12")),
        ("What is the BN?", ("bn",)),
        ("Did Éva's book reach Österreich?", ("eva", "osterreich")),
    ],
)
def test_capital_letters_inside_a_sentence_and_digits_make_names(text: str, names: tuple[str, ...]) -> None:
    assert tuple(name.forms[0] for name in names_of(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What feeds bees?",
        "Bees fly. Wasps too? Ivy!",
        "what feeds an iPhone",  # a capital letter inside a word opens nothing
        "红茶的产量是多少？",
        "what does IT do",  # as an index term it is a stop word
        "who came 2nd and who 13th",  # places in an order
        "can my 7 year old swim",  # texts give a range that holds the age
    ],
)
def test_what_opens_a_sentence_or_has_no_capital_letter_is_no_name(text: str) -> None:
    assert names_of(text) == ()


@pytest.mark.parametrize("text", ["红茶在2022年的产量", "2022年的红茶产量", "红茶在 2022 年的产量"])
def test_of_a_script_without_capital_letters_numbers_alone_are_names(text: str) -> None:
    assert names_of(text) == (Name("2022", ("2022",), ("2022",)),)


@pytest.mark.parametrize(
    ("text", "wholes"),
    [
        ("boats in Port Linden", {("Port", "Linden")}),
        ("boats of Linden's Port Office", {("Linden's",), ("Port", "Office")}),
        ("boats in Linden and Stile in 2022", {("Linden",), ("Stile",), ("2022",)}),
        ("the Linden Index 2022", {("Linden", "Index"), ("2022",)}),
    ],
)
def test_words_that_follow_each_other_are_one_name(text: str, wholes: set[tuple[str, ...]]) -> None:
    assert {name.whole for name in names_of(text)} == wholes


def test_a_unit_or_an_interjection_is_no_name() -> None:
    assert [name.typed for name in names_of("area of 56000 km²")] == ["56000"]
    assert names_of("OK, and then? I'm asking") == ()
