"""The certificate of a calibration: its words, and how long it holds."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.certificate import Certificate, Standing, changed_share, fingerprints, standing
from tests.hashing import IDENTITY

MADE = Certificate(212, 9, 0.0729)


def test_a_certificate_is_a_sentence() -> None:
    assert str(MADE) == "Of 212 answers on your questions 9 were wrong: with 95 % confidence at most 7.3 % are"
    assert str(Certificate(30, 1, 0.149)) == (
        "Of 30 answers on your questions 1 was wrong: with 95 % confidence at most 14.9 % are"
    )


@pytest.mark.parametrize(("changed", "withdrawn"), [(0.0, False), (0.1, False), (0.11, True)])
def test_it_is_withdrawn_where_more_than_a_tenth_of_the_articles_has_changed(changed: float, withdrawn: bool) -> None:
    found = Standing(MADE, changed)
    told = "withdrawn: 11 % of the articles have changed. Make it anew: python -m eval calibrate"
    assert (found.withdrawn, str(found)) == (withdrawn, told if withdrawn else str(MADE))
    assert found.to_json() == {
        "answers": 212,
        "wrong": 9,
        "at_most": 0.0729,
        "changed": changed,
        "withdrawn": withdrawn,
    }


def test_a_fingerprint_tells_an_article_and_its_content(shared_searcher: Searcher) -> None:
    articles = shared_searcher.articles
    found = fingerprints(articles)
    moon = articles.by_id("moon")
    assert moon is not None
    assert hashlib.sha256(b"moon").hexdigest()[:10] + moon.sha256[:8] in found
    assert (len(found), list(found)) == (3, sorted(found))


def _many(count: int, changed: int = 0) -> list[str]:
    """Fingerprints of articles 0 to `count`, of which the first ones have changed."""
    return sorted(
        hashlib.sha256(b"%d" % number).hexdigest()[:10] + ("changed!" if number < changed else "as it is")
        for number in range(count)
    )


def test_articles_that_changed_came_or_went_count_once() -> None:
    before = _many(20)
    assert changed_share(before, before) == 0.0
    assert changed_share(before, _many(20, changed=3)) == 0.15
    assert changed_share(before, before[1:]) == changed_share(before[1:], before) == 0.05
    assert changed_share([], []) == 0.0


def test_of_many_articles_a_sample_stands_for_all() -> None:
    before, now = _many(5000)[:1000], _many(5000, changed=500)[:1000]
    assert changed_share(before, now) == pytest.approx(0.1, abs=0.02)
    assert changed_share(before, _many(5500)[:1000]) == pytest.approx(1 / 11, abs=0.02)


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True),
        ({"encoder": {"model": "another"}}, False),
        ({"certificate": None}, False),
        ({"certificate": {"answers": 1}}, False),
        ({"certificate": [1]}, False),
    ],
)
def test_it_is_read_beside_the_index_of_its_encoder(
    changes: dict[str, Any], held: bool, tmp_path: Path, shared_searcher: Searcher
) -> None:
    notes, articles = open_location(tmp_path), shared_searcher.articles
    assert standing(notes, IDENTITY, articles) is None
    made = replace(MADE, articles=fingerprints(articles)[:-1])
    notes.write_note(
        "calibration.json", json.dumps({"encoder": asdict(IDENTITY), "certificate": asdict(made)} | changes)
    )
    assert standing(notes, IDENTITY, articles) == (Standing(made, 1 / 3) if held else None)
