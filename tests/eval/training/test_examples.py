"""Examples: windows whose targets are the answer's tokens, in an order that the seed decides."""

import random
from dataclasses import replace

import pytest

from eval.training.examples import Examples, Kind, Task, epoch
from eval.training.records import Record
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reader.windows import LENGTH, Windows
from tests.eval.training.test_records import record

FILLER = "The wall is old and made of grey stone from the hills. "
LONG = FILLER * 20 + "It was built in 1087. " + FILLER * 20
START = LONG.index("1087")
ASKED = record(passage=LONG, answers=((START, START + 4),))


@pytest.fixture(scope="module")
def windows() -> Windows:
    """The shipped tokenizer's."""
    return Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json")


@pytest.mark.parametrize("seed", range(20))
def test_the_targets_are_the_answer_wherever_the_window_lies(seed: int, windows: Windows) -> None:
    made = Examples([ASKED], windows).example(Task(ASKED, "given"), random.Random(seed))

    assert made is not None
    assert made.answerable == 1.0
    assert len(made.window.ids) <= LENGTH
    (first,), (last,) = made.starts, made.ends
    offsets = made.window.offsets
    assert LONG[offsets[first - made.window.first][0] : offsets[last - made.window.first][1]] == "1087"


@pytest.mark.parametrize("seed", range(10))
def test_a_window_elsewhere_or_without_the_sentence_answers_nowhere(seed: int, windows: Windows) -> None:
    examples = Examples([ASKED], windows)
    kinds: tuple[Kind, ...] = ("elsewhere", "removed")
    for kind in kinds:
        made = examples.example(Task(ASKED, kind), random.Random(seed))
        if made:  # a window elsewhere may hit the answer, and is left out then
            assert (made.answerable, made.starts, made.ends) == (0.0, [0], [0])


def test_an_answer_that_nobody_marked_has_no_place(windows: Windows) -> None:
    unmarked = replace(ASKED, answers=())
    made = Examples([unmarked], windows).example(Task(unmarked, "given"), random.Random(1))

    assert made is not None
    assert (made.answerable, made.starts, made.ends) == (1.0, [], [])


def test_an_answer_in_a_sentence_that_no_window_holds_is_still_inside(windows: Windows) -> None:
    passage = "word " * 300 + "1087 " + "word " * 300
    asked = replace(ASKED, passage=passage, answers=((1500, 1504),))
    for seed in range(20):
        made = Examples([asked], windows).example(Task(asked, "given"), random.Random(seed))
        assert made is not None
        assert made.starts[0] > made.window.first - 1


def test_an_epoch_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    negatives = [replace(ASKED, id=f"squad2:{number}#n1", answerable=False, answers=()) for number in range(50)]
    records = [replace(ASKED, id=f"squad2:{number}") for number in range(50)] + negatives
    one, again, other = (epoch(records, seed, 0.3) for seed in (1, 1, 2))

    assert one == again != other
    kinds = [task.kind for task in one]
    assert kinds.count("given") > 60
    assert kinds.count("exchanged") + kinds.count("removed") + kinds.count("elsewhere") > 10


def test_unanswerable_questions_count_twice_and_random_negatives_never() -> None:
    unanswerable: Record = replace(ASKED, answerable=False, answers=())
    assert [task.record for task in epoch([unanswerable], 1, 0.3)] == [unanswerable] * 2
    assert epoch([replace(unanswerable, id="squad2:1#n2")], 1, 0.3) == []


def test_batches_are_full_and_of_similar_length(windows: Windows) -> None:
    asked = [replace(ASKED, id=f"{n}", passage=FILLER * (n % 9 + 1) + "It was built in 1087.") for n in range(36)]
    asked = [replace(each, answers=((each.passage.index("1087"), each.passage.index("1087") + 4),)) for each in asked]
    batches = Examples(asked, windows).batches([Task(each, "given") for each in asked], random.Random(2), 8)

    assert [len(batch) for batch in batches] == [8] * 4
    lengths = [len(example.window.ids) for batch in batches for example in batch]
    assert lengths == sorted(lengths, reverse=True)
