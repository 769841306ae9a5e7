"""Writing to every kind of store: records that all refuse alike, and the content before and after."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.articles.article import Block
from index.errors import BadRecord, ForeignIndex, NoIndex
from index.ingestion.encoded_article import MOST_BYTES, EncodedArticle
from index.ingestion.manifest import Counts, Manifest
from index.passages.chunking import Chunk, Chunking
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.store import Store
from index.stores.address import open_location
from index.stores.builds.directory import live_build
from index.stores.builds.location import BuildsFolder
from index.stores.copying import NotEmpty, copy
from index.stores.location import Location
from index.stores.notes import read_coverage, write_coverage
from tests.conftest import build_files
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.postgres import Server
from tests.stored import article, encoded
from tests.stores import KINDS, empty, expected, place, reference

__all__ = ["expected", "place", "reference"]  # fixtures

MANIFEST = Manifest(
    name="",
    identity=IDENTITY,
    chunking=Chunking(),
    counts=Counts(3, 3, 3),
    dimension=HashingEncoder.dimension,
    vectors="",
    folder="/articles",
    created="2026-01-01T00:00:00+00:00",
    max_file_bytes=1_000_000,
)
GOOD = [encoded(article(name, f"The harvest of {name} is dry.")) for name in ("a", "m", "z")]


def _text(own: EncodedArticle, text: str) -> EncodedArticle:
    return replace(own, article=replace(own.article, text=text, blocks=(Block("paragraph", 0, len(text)),)))


def _named(own: EncodedArticle, name: str) -> EncodedArticle:
    return replace(own, article=replace(own.article, id=name))


def _shaped(own: EncodedArticle, width: int) -> EncodedArticle:
    return replace(own, vectors=np.zeros((1, width), np.float16))


BAD: dict[str, tuple[Callable[[EncodedArticle], EncodedArticle], str]] = {
    "an empty id": (lambda own: _named(own, ""), "its id has 0 characters; 1 to 255 will do"),
    "a long id": (lambda own: _named(own, "m" * 256), "its id has 256 characters; 1 to 255 will do"),
    "an id with NUL": (lambda own: _named(own, "m\0"), "its id has characters that cannot be shown"),
    "an id with a line break": (lambda own: _named(own, "m\n"), "its id has characters that cannot be shown"),
    "an id with a lone surrogate": (lambda own: _named(own, "m\ud800"), "its id has characters that cannot be shown"),
    "NUL": (lambda own: _text(own, "The m is \0."), "its text has a NUL at character 9"),
    "a lone surrogate": (lambda own: _text(own, "The m \udfff is."), "its text has a lone surrogate at character 6"),
    "a long text": (
        lambda own: _text(own, "m" * (MOST_BYTES + 1)),
        "its text has 50,000,001 bytes; at most 50,000,000",
    ),
    "no passage": (lambda own: replace(own, chunks=()), "it has no passage"),
    "a passage outside": (
        lambda own: replace(own, chunks=(Chunk((0, 99), ((0, 5),)),)),
        "the passage 0-99 lies outside its 24 characters",
    ),
    "NaN": (lambda own: replace(own, vectors=own.vectors * np.float16("nan")), "a vector is not of unit length"),
    "a zero vector": (lambda own: replace(own, vectors=np.zeros_like(own.vectors)), "a vector is not of unit length"),
    "NaN in a sentence": (
        lambda own: replace(own, scales=own.scales * np.float32("nan")),
        "a sentence's vector holds what is no number",
    ),
    "a wrong width": (lambda own: _shaped(own, 65), r"its vectors have the shapes \(\(1, 65\), \(1, 64\), \(1,\)\)"),
}
HOSTILE = [
    "x'] or id not in ['q",
    "%s",
    "%(a)s",
    "\\'; DROP TABLE articles; --",
    '"quoted"',
    "{a}",
    "日本/語",
    "a b",
    "$1",
]


def _ids(where: Location) -> list[str]:
    return [own.article.id for own in where.open().encoded()]


@pytest.mark.parametrize("fault", BAD)
def test_what_no_store_takes_is_refused_in_the_same_words_and_changes_nothing(fault: str, place: Location) -> None:
    break_it, words = BAD[fault]
    place.replace(GOOD, MANIFEST)
    stamp = place.stamp()
    with pytest.raises(BadRecord, match=f"is not stored: {words}"):
        place.replace(sorted([GOOD[0], break_it(GOOD[1])], key=lambda own: own.article.id), MANIFEST)
    assert (_ids(place), place.stamp()) == (["a", "m", "z"], stamp)


def test_hostile_ids_are_ids_like_others(place: Location) -> None:
    articles = [encoded(article(name, f"Number {n} is hostile.")) for n, name in enumerate(HOSTILE)]
    place.replace(sorted(articles, key=lambda own: own.article.id), MANIFEST)
    assert _ids(place) == sorted(HOSTILE)
    searcher = searcher_of(place)
    for number, name in enumerate(HOSTILE):
        found = searcher.articles.by_id(name)
        assert found
        assert found.text == f"Number {number} is hostile."
        left = searcher.search(Question("hostile number"), 20, exclude={name})
        assert {hit.passage.article.id for hit in left} == set(HOSTILE) - {name}


def test_there_is_no_index_where_nothing_was_put(place: Location) -> None:
    with pytest.raises(NoIndex, match="Make one: python -m index build"):
        place.open()
    assert place.read_note("coverage.json") is None


def test_nothing_takes_the_place_of_something(place: Location) -> None:
    place.replace(GOOD, MANIFEST)
    with pytest.raises(BadRecord, match="there is no article"):
        place.replace([], MANIFEST)
    assert _ids(place) == ["a", "m", "z"]


def test_articles_come_in_order_and_once(place: Location) -> None:
    for articles in ([GOOD[1], GOOD[0]], [GOOD[0], GOOD[0]]):
        with pytest.raises(BadRecord, match="articles are taken in order of id"):
            place.replace(articles, MANIFEST)
    with pytest.raises(NoIndex):
        place.open()


def test_all_of_another_store_takes_the_place_of_what_was_there(place: Location) -> None:
    place.replace(GOOD, MANIFEST)
    before = place.stamp()
    place.replace(GOOD[1:], MANIFEST)
    assert (_ids(place), place.stamp() != before, place.verify()[1]) == (["m", "z"], True, [])
    searcher = searcher_of(place)
    assert {hit.passage.article.id for hit in searcher.search(Question("harvest"), 5)} == {"m", "z"}
    assert searcher.store.vocabulary.document_frequencies(["harvest"]) == {"harvest": 2}


def test_an_index_of_another_encoder_is_refused_when_it_is_opened(place: Location) -> None:
    place.replace(GOOD, replace(MANIFEST, identity=replace(IDENTITY, weights="1" * 64)))

    def load(identity: object) -> HashingEncoder:
        assert identity != IDENTITY
        raise ForeignIndex("the weights are others")

    with pytest.raises(ForeignIndex, match="the weights are others"):
        Searcher.open(open_location(place).open(), load=load)


def test_notes_are_kept_beside_the_content(place: Location) -> None:
    place.replace(GOOD, MANIFEST)
    for content in ('{"a": "ü"}', "{}"):
        before = place.note_stamp("calibration.json")
        place.write_note("calibration.json", content)
        assert place.read_note("calibration.json") == content
        assert place.note_stamp("calibration.json") not in (0, before)
    assert place.read_note("coverage.json") is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_collection_that_was_copied_away_and_back_is_the_same_build(
    kind: str, reference: Store, tmp_path: Path, postgres: Server, request: pytest.FixtureRequest
) -> None:
    del postgres  # marks the test as slow
    first, back = BuildsFolder(tmp_path / "first"), BuildsFolder(tmp_path / "back")
    first.replace(reference.encoded(), reference.manifest)
    first.write_note("calibration.json", "{}")
    coverage = reference.manifest.coverage
    assert coverage
    write_coverage(first, coverage)
    other = empty(kind, tmp_path / "other", request)

    assert copy(first, other).counts == reference.manifest.counts
    copy(open_location(other), back)

    assert build_files(back.root) == build_files(first.root)
    assert live_build(back.root).name == live_build(first.root).name
    assert (back.read_note("calibration.json"), read_coverage(back)) == ("{}", coverage)


def test_what_is_there_is_overwritten_by_force_alone(place: Location, reference: Store, tmp_path: Path) -> None:
    source = BuildsFolder(tmp_path / "source")
    source.replace(GOOD, MANIFEST)
    place.replace(GOOD[:1], MANIFEST)
    with pytest.raises(NotEmpty, match=r"holds 1 articles already\. Name another place, or overwrite it: --force"):
        copy(source, place)
    assert _ids(place) == ["a"]
    copy(source, place, force=True)
    assert _ids(place) == ["a", "m", "z"]
    with pytest.raises(NotEmpty, match=r"cannot be copied onto itself\. Name another place"):
        copy(place, place, force=True)
