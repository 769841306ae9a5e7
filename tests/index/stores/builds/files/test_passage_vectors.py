"""Vectors of passages: written in pieces, searched exactly or behind a coarse scan, and damage told."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Halves, Mask
from index.stores.builds.files.passage_vectors import COARSE, VECTORS, VectorIndex, kind_of, vectors_file, write_coarse

MANY, WIDTH = 20_000, 64
EXACT, KIND = "SQfp16", "PQ32x4fs,Refine(SQfp16)"


def clustered(count: int, width: int, seed: int = 0) -> Halves:
    """Unit vectors around a hundredth as many centres."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((max(4, count // 100), width))
    vectors = centres[chance.integers(0, len(centres), count)] + 0.8 * chance.standard_normal((count, width))
    rounded: Halves = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    return rounded


def written(vectors: Halves, folder: Path, kind: str = EXACT) -> VectorIndex:
    folder.mkdir(exist_ok=True)
    half = len(vectors) // 2
    with vectors_file(folder, vectors.shape[1]) as file:
        file.add(vectors[:half])
        file.add(vectors[half:])
    write_coarse(folder, kind)
    return VectorIndex(folder)


def nearest(vectors: Halves, question: Halves, limit: int, allowed: Mask | None = None) -> list[int]:
    scores = vectors.astype(np.float32) @ question.astype(np.float32)
    if allowed is not None:
        scores[~allowed] = -np.inf
    return [int(row) for row in np.argsort(-scores, kind="stable")[:limit]]


@pytest.fixture(scope="module")
def vectors() -> Halves:
    return clustered(MANY, WIDTH)


@pytest.fixture(scope="module")
def many(vectors: Halves, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    return written(vectors, tmp_path_factory.mktemp("many"), KIND)


@pytest.mark.parametrize(
    ("passages", "dimension", "kind"),
    [
        (1, 384, "SQfp16"),
        (50_000, 384, "SQfp16"),
        (50_001, 384, "PQ192x4fs,Refine(SQfp16)"),
        (50_001, 64, "PQ32x4fs,Refine(SQfp16)"),
        (50_001, 65, "SQfp16"),
    ],
)
def test_the_kind_is_chosen_by_size(passages: int, dimension: int, kind: str) -> None:
    assert kind_of(passages, dimension) == kind


def test_vectors_come_back_bit_for_bit(tmp_path: Path) -> None:
    vectors = clustered(100, WIDTH)
    vectors[7, :4] = [6e-8, -6e-8, 1e-5, -0.0]
    dense = written(vectors, tmp_path)

    assert (dense.passages, dense.dimension, dense.kind) == (100, WIDTH, "SQfp16")
    assert dense.at(np.arange(100)).astype(np.float16).tobytes() == vectors.tobytes()
    assert dense.at(7).tolist() == vectors[7].tolist()
    assert [path.name for path in tmp_path.iterdir()] == [VECTORS]


def test_the_file_is_byte_for_byte_what_faiss_writes(tmp_path: Path) -> None:
    vectors = clustered(100, WIDTH)
    written(vectors, tmp_path)

    index = faiss.index_factory(WIDTH, "SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.add(vectors.astype(np.float32))
    assert faiss.serialize_index(index).tobytes() == (tmp_path / VECTORS).read_bytes()


@settings(max_examples=60)
@given(st.integers(1, 900), st.integers(1, 40), st.sampled_from([None, 0.0, 0.002, 0.3, 1.0]), st.integers(0, 9))
def test_few_passages_are_searched_exactly_with_every_mask(
    tmp_path_factory: pytest.TempPathFactory, count: int, limit: int, share: float | None, seed: int
) -> None:
    vectors = clustered(count, 8, seed)
    dense = written(vectors, tmp_path_factory.mktemp("few"))
    allowed = None if share is None else np.random.default_rng(seed).random(count) < share
    wanted = nearest(vectors, vectors[0], min(limit, count if allowed is None else int(allowed.sum())), allowed)

    found = dense.search(vectors[0].astype(np.float32), limit, allowed)

    scores = vectors.astype(np.float32) @ vectors[0].astype(np.float32)
    assert str(found.dtype) == "int64"
    assert scores[found].tolist() == pytest.approx(scores[wanted].tolist(), abs=1e-6)
    assert len(set(found.tolist())) == len(wanted)
    assert allowed is None or allowed[found].all()


def test_behind_a_coarse_scan_99_of_100_of_the_ten_nearest_are_found(vectors: Halves, many: VectorIndex) -> None:
    assert many.kind == KIND
    questions = clustered(100, WIDTH, seed=5)
    wanted = [{*nearest(vectors, q, 10)} for q in questions]
    for limit in (10, 100):
        found = [many.search(q.astype(np.float32), limit)[:10].tolist() for q in questions]
        shares = [len({*own} & right) / 10 for own, right in zip(found, wanted, strict=True)]
        assert sum(shares) / len(shares) >= 0.99


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.002, 0.01, 0.5, 1.0])
def test_a_mask_leaves_the_search_of_many_exact(share: float, vectors: Halves, many: VectorIndex) -> None:
    allowed = np.random.default_rng(3).random(MANY) < share
    for question in clustered(5, WIDTH, seed=6):
        found = many.search(question.astype(np.float32), 20, allowed).tolist()
        scores = vectors.astype(np.float32) @ question.astype(np.float32)
        wanted = nearest(vectors, question, min(20, int(allowed.sum())), allowed)
        assert scores[found].tolist() == pytest.approx(scores[wanted].tolist(), abs=1e-6)
        assert allowed[found].all()


def test_equal_vectors_make_equal_files(vectors: Halves, tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(vectors, tmp_path / name, KIND)
    for name in (VECTORS, COARSE):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("kind", [EXACT, KIND])
def test_opened_vectors_outlive_their_files(kind: str, vectors: Halves, tmp_path: Path) -> None:
    dense = written(vectors, tmp_path, kind)
    for path in tmp_path.iterdir():
        path.unlink()

    assert dense.search(vectors[9].astype(np.float32), 1).tolist() == [9]
    assert dense.at([9]).tolist() == [vectors[9].tolist()]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (VECTORS, lambda raw: raw[:-1], "vectors.faiss is not a file of half-precision vectors"),
        (VECTORS, lambda raw: raw[: -2 * WIDTH], "vectors.faiss is not a file of half-precision vectors"),
        (VECTORS, lambda raw: b"IxFI" + raw[4:], "vectors.faiss is not a file of half-precision vectors"),
        (VECTORS, lambda raw: raw[:4] + bytes(4) + raw[8:], "vectors.faiss has vectors of width 0"),
        (VECTORS, lambda raw: raw[:8], "vectors.faiss is not a file of half-precision vectors"),
        (COARSE, lambda raw: raw[:8] + b"\x01" + raw[9:], "coarse.faiss does not fit vectors.faiss"),
        (COARSE, lambda raw: raw[:58] + b"\x01" + raw[59:], "coarse.faiss is malformed"),
        (COARSE, lambda raw: raw[:100], "coarse.faiss is malformed"),
    ],
)
def test_damage_is_told(
    name: str, change: Callable[[bytes], bytes], message: str, vectors: Halves, tmp_path: Path
) -> None:
    written(vectors, tmp_path, KIND)
    raw = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(change(raw))

    with pytest.raises(ValueError, match=message):
        VectorIndex(tmp_path)


def _opened(folder: Path, question: Halves) -> None:
    """Open and search the vectors, or be refused."""
    try:
        dense = VectorIndex(folder)
    except ValueError:
        return
    with suppress(ValueError):
        dense.search(question.astype(np.float32), 5)
        dense.search(question.astype(np.float32), 5, np.ones(dense.passages, np.bool_))


def _ends_by_itself(work: Callable[[], None]) -> bool:
    """Whether a process that does the work neither crashes nor fails."""
    child = os.fork()
    if not child:
        code = 1  # also of any error: the child must never go on with the tests
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [VECTORS, COARSE])
def test_an_altered_file_is_never_a_crash(name: str, vectors: Halves, tmp_path: Path) -> None:
    written(vectors[:500], tmp_path, KIND)
    raw = bytearray((tmp_path / name).read_bytes())
    chance = np.random.default_rng(2)
    head = 61 + 32 * 16 * 2 * 4 + 60 if name == COARSE else 81

    def alter() -> None:
        for place in [*range(0, 90, 3), *chance.integers(0, head, 20), *range(len(raw) - 60, len(raw), 5)]:
            was = raw[place]
            raw[place] ^= int(chance.choice([0x01, 0x80, 0xFF]))
            (tmp_path / name).unlink()
            (tmp_path / name).write_bytes(raw)
            (tmp_path / "place").write_text(str(place))
            _opened(tmp_path, vectors[0])
            raw[place] = was

    assert _ends_by_itself(alter), f"altered at byte {(tmp_path / 'place').read_text()}"
