"""The rule that decides whether the articles answer, and the file that a calibration is kept in."""

import json
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from app.answering.calibration import Calibration, calibration_stamp, read_calibration, rule_of, write_calibration
from app.answering.decision import DEFAULT, Features, ReadRule, Rule, features
from index.articles.article import Article
from index.ingestion.background import Background
from index.passages.chunking import Passage
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures
from index.stores.address import open_location
from index.stores.certificate import Certificate
from tests.hashing import IDENTITY

ONE = Sentences.alone((0, 4))
HIT = Hit(Passage(Article("a", "A", "Dry.", (), ""), 0, 4), 1.0, HitFeatures(0.9, 0.5, 3.0, 0.5), ONE)
RULE = Rule(bias=-2.0, sentence=1.0, coverage=2.0, missing=-0.5, contrast=4.0, related=-0.75)
CERTIFIED = Certificate(35, 1, 0.1284, ("0123456789abcdef01",))
MADE = Calibration(RULE, "2024-06-25", 30, 10, 25, 0.9, ((0.0, 0.5), (0.1, 0.75)), CERTIFIED)


def _hit(sentence: float, coverage: float, missing: float, contrast: float = 0.0) -> Hit:
    return replace(HIT, features=HitFeatures(0.9, sentence, 7.0, coverage, missing, contrast))


@pytest.mark.parametrize(
    ("first", "support"),
    [
        (_hit(0.5, 0.75, 0.0), 0.5 + 1.5 - 2),
        (_hit(0.5, 0.75, 1.0), 0.5 + 1.5 - 0.5 - 2),
        (_hit(0.5, 0.5, 0.0), 0.5 + 1.0 - 2),
        (_hit(-0.5, 0.0, 0.0), -0.5 - 2),
        (_hit(0.5, 0.5, 0.0, 0.125), 0.5 + 1.0 + 0.5 - 2),
    ],
)
def test_support_is_the_weighted_sum_of_the_features(first: Hit, support: float) -> None:
    assert RULE.support(features([first])) == pytest.approx(support)


def test_the_best_of_the_first_five_hits_counts_for_each_feature() -> None:
    least = [_hit(0.125, 0.125, 0.75)] * 3
    hits = [_hit(0.5, 0.25, 1.0, 0.25), _hit(0.25, 0.75, 0.5, 0.5), *least, _hit(0.9, 0.9, 0.0, 0.9)]

    assert features(hits) == Features(sentence=0.5, coverage=0.75, missing=0.5, contrast=0.5)
    assert features(hits[:1]) == Features(sentence=0.5, coverage=0.25, missing=1.0, contrast=0.25)


def test_the_cosine_is_standardised_by_the_background_of_the_encoder() -> None:
    assert features([HIT], Background(0.4, 0.05)).sentence == pytest.approx((0.5 - 0.4) / 0.05 * 0.075)


@pytest.mark.parametrize("rule", [RULE, DEFAULT])
def test_without_hits_no_rule_answers(rule: Rule) -> None:
    assert rule.support(None) == -100.0


def test_the_default_rule_answers_the_plain_cases_and_asks_more_where_a_name_is_missing() -> None:
    assert DEFAULT.support(Features(0.8, 0.9, 0.0, 0.3)) > 0
    assert DEFAULT.support(Features(0.1, 0.1, 1.0, 0.0)) < 0
    for field in ("sentence", "coverage", "contrast"):
        assert getattr(DEFAULT, field) > 0
    assert DEFAULT.missing < 0


def test_the_rule_is_that_of_the_calibration_and_without_one_the_default(tmp_path: Path) -> None:
    assert rule_of(open_location(tmp_path), IDENTITY) == DEFAULT
    write_calibration(open_location(tmp_path), IDENTITY, MADE)
    assert rule_of(open_location(tmp_path), IDENTITY) == RULE


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    assert write_calibration(open_location(tmp_path), IDENTITY, MADE) == f"{tmp_path}/calibration.json"
    assert read_calibration(open_location(tmp_path), IDENTITY) == MADE
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


def test_a_calibration_of_a_former_version_has_one_threshold_no_contrast_and_no_certificate(tmp_path: Path) -> None:
    former = {name: value for name, value in asdict(RULE).items() if name not in ("related", "contrast")}
    _change(tmp_path, rule=former, certificate=None)
    read = read_calibration(open_location(tmp_path), IDENTITY)
    assert read == replace(MADE, rule=replace(RULE, contrast=0.0, related=0.0), certificate=None)


def test_an_index_without_a_calibration_has_none_and_no_stamp(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read_calibration(open_location(tmp_path), IDENTITY) is None
    assert calibration_stamp(open_location(tmp_path)) == 0
    assert caplog.text == ""


def test_the_stamp_is_that_of_the_file(tmp_path: Path) -> None:
    path = Path(write_calibration(open_location(tmp_path), IDENTITY, MADE))

    assert calibration_stamp(open_location(tmp_path)) == open_location(tmp_path).note_stamp(path.name) != 0


def _change(tmp_path: Path, **fields: Any) -> None:
    path = Path(write_calibration(open_location(tmp_path), IDENTITY, MADE))
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def _warned(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> str:
    with caplog.at_level(logging.WARNING):
        assert rule_of(open_location(tmp_path), IDENTITY) == DEFAULT
    [record] = caplog.records
    return record.getMessage()


@pytest.mark.parametrize("fields", [{"format": 0}, {"encoder": {"model": "another"}}])
def test_one_of_another_encoder_or_format_is_told_and_left_out(
    fields: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _change(tmp_path, **fields)

    path = tmp_path / "calibration.json"
    said = f"{path} is of another encoder or format. Make it anew: python -m eval calibrate"
    assert _warned(tmp_path, caplog) == said


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": {"bias": 1}},
        {"rule": None},
        {"rule": {**dict.fromkeys(("bias", "sentence", "coverage"), 1), "missing": float("nan")}},
        {"answerable": "many"},
        {"hidden": float("inf")},
        {"curve": [[1]]},
        {"certificate": {"answers": 30}},
    ],
)
def test_one_that_cannot_be_read_is_told_and_left_out(
    fields: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _change(tmp_path, **fields)

    said = _warned(tmp_path, caplog)
    assert said.startswith(f"{tmp_path / 'calibration.json'} cannot be read (")
    assert said.endswith("). Make it anew: python -m eval calibrate")


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"", b"[" * 100_000])
def test_a_garbled_file_is_told_and_left_out(content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "calibration.json").write_bytes(content)

    assert f"{tmp_path / 'calibration.json'} cannot be read (" in _warned(tmp_path, caplog)


@pytest.mark.parametrize(
    ("support", "verdict"), [(0.0, "answer"), (-0.1, "related"), (-1.5, "related"), (-1.6, "none")]
)
def test_the_verdict_has_two_thresholds(support: float, verdict: str) -> None:
    by_sentence = Rule(bias=0.0, sentence=1.0, coverage=0.0, missing=0.0, related=-1.5)

    assert by_sentence.verdict(Features(support, 0.0, 0.0)) == verdict


def test_the_reader_s_step_has_a_threshold_of_its_own_and_counts_only_where_something_was_read() -> None:
    step = ReadRule(bias=-1.0, found=0.5, relevance=1.0, related=-4.0)
    rule = Rule(bias=0.0, sentence=1.0, coverage=0.0, missing=0.0, related=-1.5, read=step)
    unread = Features(-2.0, 0.0, 0.0)

    assert (rule.support(unread), rule.verdict(unread)) == (-2.0, "none")
    for relevance, support, verdict in [(2.25, 0.25, "answer"), (0.0, -2.0, "related"), (-3.0, -5.0, "none")]:
        read = replace(unread, relevance=relevance)
        assert (rule.support(read), rule.verdict(read)) == (support, verdict)
