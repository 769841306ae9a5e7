from dataclasses import replace

import pytest

from eval.compare import NothingCommon, compare
from eval.run import Outcome

GOOD = Outcome(
    id="q",
    kind="fact",
    question="Why?",
    gold=(("Because.",),),
    answered=True,
    support=0.1,
    verbatim=True,
    returned="Because.",
    returned_from="a",
    ms=1.0,
    verdict="answer",
    rank=1,
    recall_at_1=1.0,
    recall_at_3=1.0,
    recall_at_5=1.0,
    recall_at_10=1.0,
    mrr_at_10=1.0,
    ndcg_at_10=1.0,
    span_recall=1.0,
    highlight=True,
)
NONE = replace(
    GOOD,
    kind="outside",
    gold=(),
    answered=False,
    verdict="none",
    rank=None,
    recall_at_1=None,
    recall_at_3=None,
    recall_at_5=None,
    recall_at_10=None,
    mrr_at_10=None,
    ndcg_at_10=None,
    span_recall=None,
    highlight=None,
)
RUN = [replace(GOOD, id=f"q{n}") for n in range(40)] + [replace(NONE, id=f"n{n}") for n in range(10)]


def fell(changed: list[Outcome]) -> set[str]:
    return {difference.measure for difference in compare(RUN, changed).differences if difference.fell}


def test_a_result_never_falls_against_itself() -> None:
    found = compare(RUN, RUN)
    assert found.fell is False
    assert {difference.b - difference.a for difference in found.differences} == {0.0}
    assert (found.mended, found.broken, found.only_a, found.only_b) == ([], [], [], [])


def test_a_worse_ranking_falls() -> None:
    worse = [replace(o, mrr_at_10=0.5, ndcg_at_10=0.63, recall_at_1=0.0, rank=2) if o.gold else o for o in RUN]
    assert fell(worse) == {"recall@1", "mrr@10", "ndcg@10", "correct_first"}


def test_a_decision_score_that_no_longer_tells_the_unanswerable_apart_falls() -> None:
    run = [replace(o, support=0.5 if o.gold else -0.5) for o in RUN]
    blind = [replace(o, support=0.5) for o in RUN]
    [line] = [line for line in compare(run, blind).differences if line.measure == "auroc"]
    assert (line.a, line.b, line.fell) == (1.0, 0.5, True)


def test_one_quote_that_is_not_verbatim_is_enough() -> None:
    assert fell([replace(RUN[0], verbatim=False), *RUN[1:]]) == {"verbatim"}


def test_refusing_everything_falls_although_the_ranking_is_the_same() -> None:
    silent = [replace(o, answered=False, highlight=None) for o in RUN]
    assert fell(silent) == {"decided_right", "refused_answerable", "highlight", "precision", "f1", "coverage"}


def test_answering_everything_falls() -> None:
    assert fell([replace(o, answered=True) for o in RUN]) == {"decided_right", "recall", "f1", "outside"}


def test_more_wrong_answers_are_a_fall_of_correctness_and_a_gain_of_coverage() -> None:
    doubtful = [replace(GOOD, id=f"d{n}", answered=False, highlight=None, rank=0, support=-1.0) for n in range(20)]
    lines = compare([*RUN, *doubtful], [*RUN, *(replace(o, answered=True, highlight=False) for o in doubtful)])
    found = {line.measure: (line.a, round(line.b, 4), line.fell) for line in lines.differences}
    assert (found["coverage"], found["correct"]) == ((40 / 60, 1.0, False), (1.0, 0.6667, True))


def test_a_smaller_area_under_the_risks_is_no_fall_and_a_larger_one_is() -> None:
    run = [replace(o, support=0.5 if o.gold else -0.5) for o in RUN]
    blind = [replace(o, support=0.5) for o in RUN]
    [worse], [better] = (
        [line for line in compare(*results).differences if line.measure == "aurc"]
        for results in ((run, blind), (blind, run))
    )
    assert (worse.b, worse.fell, better.fell) == (0.2, True, False)


def test_questions_of_a_former_result_are_read_as_the_kind_they_are_now() -> None:
    former = [replace(o, kind="unanswerable") if not o.gold else o for o in RUN]
    [line] = [line for line in compare(former, RUN).differences if line.measure == "outside"]
    assert (line.a, line.b) == (0.0, 0.0)


def test_a_loss_within_the_allowance_is_no_fall() -> None:
    run = [replace(GOOD, id=f"q{n}") for n in range(200)]
    changed = [replace(run[0], recall_at_5=0.0), *run[1:]]
    assert compare(run, changed).fell is False


def test_a_gain_is_no_fall_and_names_the_mended_questions() -> None:
    before = [replace(RUN[0], answered=False, highlight=None), *RUN[1:]]
    found = compare(before, RUN)
    assert (found.fell, found.mended, found.broken) == (False, ["q0"], [])
    assert compare(RUN, before).broken == ["q0"]


def test_questions_of_ways_to_ask_count_for_their_own_measure_alone() -> None:
    dates = [replace(GOOD, id=f"d{n}", kind="date", first=True) for n in range(15)]
    one, two = (
        [replace(o, first=False, rank=2, recall_at_1=0.0) if n < count else o for n, o in enumerate(dates)]
        for count in (1, 2)
    )
    lines = {line.measure: line for line in compare([*RUN, *dates], [*RUN, *two]).differences}
    assert {name for name, line in lines.items() if line.fell} == {"first: date"}
    assert (lines["first: date"].questions, lines["recall@1"].questions, "first: phrase" in lines) == (15, 40, False)
    assert compare([*RUN, *dates], [*RUN, *one]).fell is False


def test_results_of_ways_to_ask_alone_are_compared_in_all_measures() -> None:
    dates = [replace(o, kind="date", first=bool(o.gold) or None) for o in RUN]
    worse = [replace(o, recall_at_1=0.0, rank=2, first=False) if o.gold else o for o in dates]
    lines = compare(dates, worse).differences
    assert {line.measure for line in lines if line.fell} == {"recall@1", "correct_first", "first: date"}


def test_differences_are_paired_means_with_their_interval() -> None:
    worse = [replace(o, recall_at_5=0.0) if o.id in ("q0", "q1") else o for o in RUN]
    [line] = [line for line in compare(RUN, worse).differences if line.measure == "recall@5"]
    assert (line.a, line.b, line.questions) == (1.0, 0.95, 40)
    assert line.low < -0.05 < line.high <= 0.0


def test_a_question_that_was_dropped_or_whose_gold_changed_is_a_fall() -> None:
    found = compare(RUN[:-1], RUN[1:])
    assert (found.only_a, found.only_b, found.fell) == (["q0"], ["n9"], True)
    easier = compare(RUN, [replace(RUN[0], gold=(("Anything.",),)), *RUN[1:]])
    assert (easier.only_a, easier.only_b, easier.fell) == (["q0"], ["q0"], True)


def test_a_question_that_was_added_is_no_fall() -> None:
    found = compare(RUN[1:], RUN)
    assert (found.only_a, found.only_b, found.fell) == ([], ["q0"], False)


def test_results_without_a_common_question_cannot_be_compared() -> None:
    with pytest.raises(NothingCommon, match="Compare runs of the same set"):
        compare(RUN[:1], RUN[1:2])
