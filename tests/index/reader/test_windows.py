"""Windows of question and passage: whole sentences within the room, and spans that lead back to the text."""

import pytest

from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reader.windows import LENGTH, Windows, grown, tiled

TEXT = "The Moon is dry. A probe brought 1,935.3 grams of soil home. Its seas are basalt."
SENTENCES = [(0, 4), (4, 10), (10, 13), (13, 33), (33, 36)]


@pytest.fixture(scope="module")
def windows() -> Windows:
    """The shipped tokenizer's."""
    return Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json")


def test_a_window_holds_question_title_and_passage_in_this_order(windows: Windows) -> None:
    question, title, tokens = windows.question("Dry?"), windows.title("Soil"), windows.tokens(TEXT)
    window = windows.window(question, title, tokens, tokens.sentences[1])
    inside = tokens.ids[slice(*tokens.sentences[1])]

    cls, sep = window.ids[0], window.ids[-1]
    assert window.ids == [cls, *question, sep, *title, sep, *inside, sep]
    assert window.types == [0] * (len(question) + 2) + [1] * (len(title) + len(inside) + 2)
    assert window.ids[window.first] == inside[0]
    assert TEXT[window.offsets[0][0] : window.offsets[-1][1]] == "A probe brought 1,935.3 grams of soil home."


def test_tokens_lead_back_to_their_words_also_where_letters_change(windows: Windows) -> None:
    text = "Zürich’s İSTANBUL café – 1,935.3 g"
    tokens = windows.tokens(text)

    assert "".join(text[start:end] for start, end in tokens.offsets) == text.replace(" ", "")
    assert tokens.sentences == [(0, len(tokens.ids))]


def test_sentences_may_be_those_of_the_passage(windows: Windows) -> None:
    tokens = windows.tokens("Heading\nIt is dry. It is cold.", [(8, 18), (19, 30)])

    assert tokens.sentences == [(1, 5), (5, 9)]


@pytest.mark.parametrize("question", ["Why?", "why " * 2000])
@pytest.mark.parametrize("title", ["", "word " * 300])
def test_no_window_is_longer_than_the_reader_reads(question: str, title: str, windows: Windows) -> None:
    tokens = windows.tokens("dust " * 900)
    asked, titled = windows.question(question), windows.title(title)
    window = windows.window(asked, titled, tokens, (0, 900))

    assert len(window.ids) == LENGTH
    assert len(window.offsets) == windows.room(asked, titled) > 50


@pytest.mark.parametrize(
    ("chosen", "room", "ahead", "expected"),
    [
        (1, 6, True, (4, 10)),
        (1, 9, True, (4, 13)),
        (1, 9, False, (4, 13)),
        (1, 10, False, (0, 10)),
        (1, 13, True, (0, 13)),
        (4, 100, True, (0, 36)),
        (3, 5, True, (13, 33)),
    ],
)
def test_a_sentence_takes_in_its_neighbours_in_turn(
    chosen: int, room: int, ahead: bool, expected: tuple[int, int]
) -> None:
    assert grown(SENTENCES, chosen, room, ahead=ahead) == expected


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (13, [(0, 13), (13, 26), (26, 36)]),
        (10, [(0, 10), (10, 13), (13, 23), (23, 33), (33, 36)]),
        (100, [(0, 36)]),
    ],
)
def test_tiles_cover_every_token_once(room: int, expected: list[tuple[int, int]]) -> None:
    assert tiled(SENTENCES, room) == expected
    assert [token for start, end in expected for token in range(start, end)] == list(range(36))
