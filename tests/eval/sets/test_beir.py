import json
from pathlib import Path

import pytest

from eval.sets.beir import BadDataset, Query, read_dataset

CORPUS = [
    {"_id": "d2", "title": "Bees", "text": "Bees feed on lavender in July.\n\nThey rest."},
    {
        "_id": "d1",
        "title": "",
        "text": "The Moon is dry.",
        "metadata": {"published_at": "2024-05-01T10:00", "source": "Sky"},
    },
    {"_id": "d3", "title": "Nothing", "text": "  "},
]
QUERIES = [
    {"_id": "q1", "text": "What do bees feed on?", "source_passage": "d2"},
    {
        "_id": "q2",
        "text": "Is it dry?",
        "history": [
            {"speaker": "user", "text": "What is the Moon like?"},
            {"speaker": "agent", "text": "It is grey."},
        ],
    },
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td1\t2\nq2\td2\t0\n"


def write_dataset(folder: Path, answers: list[dict[str, object]] | None = None) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)), "utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)), "utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, "utf-8")
    if answers is not None:
        (folder / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)), "utf-8")
    return folder


def test_documents_become_articles_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    dataset = read_dataset(write_dataset(tmp_path / "pond"))
    assert dataset.name == "pond"
    assert [(a.id, a.title, a.text, a.publisher, a.published) for a in dataset.articles] == [
        ("d1", "d1", "The Moon is dry.", "Sky", "2024-05-01"),
        ("d2", "Bees", "Bees feed on lavender in July.\nThey rest.", "", ""),
    ]


def test_queries_carry_judgements_earlier_questions_and_what_is_unanswerable(tmp_path: Path) -> None:
    answers: list[dict[str, object]] = [{"_id": "q1", "unanswerable": False}, {"_id": "q2", "unanswerable": True}]
    assert read_dataset(write_dataset(tmp_path / "pond", answers)).queries == [
        Query("q1", "What do bees feed on?", (), {"d2": 1}, "d2", unanswerable=False),
        Query("q2", "Is it dry?", ("What is the Moon like?",), {"d1": 2}, None, unanswerable=True),
    ]


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_told(tmp_path: Path, missing: str) -> None:
    folder = write_dataset(tmp_path / "pond")
    (folder / missing).unlink()
    with pytest.raises(BadDataset, match="is no data set in BEIR layout"):
        read_dataset(folder)


@pytest.mark.parametrize("broken", ["{", "[]", '{"title": "no id"}'])
def test_a_broken_line_is_told(tmp_path: Path, broken: str) -> None:
    folder = write_dataset(tmp_path / "pond")
    (folder / "corpus.jsonl").write_text(broken, "utf-8")
    with pytest.raises(BadDataset, match="is no data set in BEIR layout"):
        read_dataset(folder)


def test_a_set_without_documents_is_told(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "pond")
    (folder / "corpus.jsonl").write_text("", "utf-8")
    with pytest.raises(BadDataset, match="holds no documents or no questions"):
        read_dataset(folder)
