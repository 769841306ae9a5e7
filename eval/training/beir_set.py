"""The dev split as a question set in BEIR layout, to tune what goes on around the reader on articles it never saw."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.training.records import Record

# Sources whose questions make sense beside other articles, and whose answers are marked.
_SOURCES = frozenset("squad2 shifts_wiki selqa covidqa fairytaleqa timesensitiveqa tatqa_text qed".split())


def write_set(records: Sequence[Record], folder: Path) -> None:
    """Write the passages and questions of the records; questions without an answer are marked as unanswerable."""
    used = [record for record in records if record.source in _SOURCES]
    asked = [record for record in used if not record.is_retrieved]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    documents = {_name(record): {"title": record.title, "text": record.passage} for record in used}
    _write(folder / "corpus.jsonl", ({"_id": name, **document} for name, document in documents.items()))
    _write(
        folder / "queries.jsonl",
        ({"_id": each.id, "text": each.question, "source_passage": _name(each)} for each in asked),
    )
    _write(
        folder / "answers.jsonl",
        (
            {
                "_id": each.id,
                "answers": [each.passage[start:end] for start, end in each.answers],
                "unanswerable": not each.answerable,
            }
            for each in asked
        ),
    )
    rows = [f"{each.id}\t{_name(each)}\t1" for each in asked if each.answerable]
    (folder / "qrels" / "test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *rows, ""]), "utf-8")


def _name(record: Record) -> str:
    return hashlib.sha256(f"{record.title}\n{record.passage}".encode()).hexdigest()[:16]


def _write(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
