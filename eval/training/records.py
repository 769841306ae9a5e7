"""Records of the training set: a question, a passage, and where the passage answers."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.sets.beir import BadDataset
from index.passages.sentences import Span

# The sources whose licence allows to publish weights, and the share of their records in an epoch: templated
# questions (QAMR, MedQuAD) and posts of users count less.
SHARES = {
    "squad2": 1.0,
    "shifts_wiki": 1.0,
    "shifts_amazon": 0.6,
    "shifts_reddit": 0.6,
    "qamr": 0.25,
    "medquad": 0.2,
    "fairytaleqa": 1.0,
    "selqa": 1.0,
    "covidqa": 1.0,
    "qed": 1.0,
    "timesensitiveqa": 1.0,
    "wikitables": 1.0,
    "tatqa_text": 1.0,
    "tatqa_table": 1.0,
    "feversymmetric": 0.5,
}
_RANDOM_NEGATIVE = re.compile(r"#n(?!1$)\d+$")


@dataclass(frozen=True, slots=True)
class Record:
    """A question and a passage.

    `answers` are spans of the passage, alternatives of one answer. `answerable` without spans means that
    the passage answers, but nobody marked where. `group` is the article: no group is in both splits.
    """

    id: str
    source: str
    title: str
    question: str
    passage: str
    answers: tuple[Span, ...]
    answerable: bool
    group: str

    @property
    def is_retrieved(self) -> bool:
        """Whether the passage was not written about: a negative that a search would find."""
        return "#n" in self.id

    @property
    def is_random_negative(self) -> bool:
        """Whether it is a negative that is not the nearest passage of its document."""
        return bool(_RANDOM_NEGATIVE.search(self.id))


def read_records(file: Path, sources: frozenset[str] = frozenset(SHARES)) -> list[Record]:
    """The records of a gzipped JSONL file, of these sources and in English. Raises BadDataset."""
    records: list[Record] = []
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                value = json.loads(line)
                if value["source"] in sources and value["lang"] == "en":
                    records.append(_record(value))
    except (OSError, EOFError) as error:
        raise BadDataset(f"{file} cannot be read: {error}. Name the folder that holds train.jsonl.gz") from error
    except (ValueError, KeyError, TypeError) as error:
        last = records[-1].id if records else "none"
        raise BadDataset(f"{file}: after record {last} comes what is no record ({error!r}). Make it again") from error
    return records


def _record(value: dict[str, Any]) -> Record:
    answers = tuple((int(start), int(end)) for start, end in value["answers"])
    texts = {name: value[name] or "" for name in ("id", "source", "title", "question", "passage", "group")}
    return Record(**texts, answers=answers, answerable=value["answerable"] is not False)


def sampled(records: list[Record], count: int) -> list[Record]:
    """A random sample of at most so many records, the same each time."""
    return random.Random(1).sample(records, min(count, len(records)))


def by_group(records: list[Record]) -> dict[str, list[Record]]:
    """The records of each article."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.group, []).append(record)
    return groups


def batched(items: list[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of this size; the last may be shorter."""
    return (items[start : start + size] for start in range(0, len(items), size))
