"""Public question sets in BEIR layout: corpus, queries, judgements, and optional answers."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.articles.article import Article, clean, is_date, join_blocks
from index.errors import UserError


class BadDataset(UserError):
    """A folder is no data set in BEIR layout."""


_SHORT = 20  # words of an answer that a passage may hold as it stands; longer ones are written freely


@dataclass(frozen=True, slots=True)
class Query:
    """A question of a data set. `earlier` holds the questions before it, oldest first.

    `relevant` maps documents to grades above 0. `own` names the document it was written from, where
    the set says so. `unanswerable` is None without `answers.jsonl`, which may give `answers` of a few words, too.
    """

    id: str
    text: str
    earlier: tuple[str, ...]
    relevant: dict[str, int]
    own: str | None
    unanswerable: bool | None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents as articles, and the questions on them."""

    name: str
    folder: Path
    articles: list[Article]
    queries: list[Query]


def sources_of(query: Query, titles: dict[str, str]) -> set[str]:
    """The documents that may hold a question's answer: those judged relevant, its own, and all of their titles."""
    own = set(query.relevant) | ({query.own} if query.own else set())
    names = {titles[name] for name in own if name in titles}
    return own | {name for name, title in titles.items() if title in names}


def read_dataset(folder: Path) -> Dataset:
    """The data set in a folder with `corpus.jsonl`, `queries.jsonl` and `qrels/*.tsv`.

    A document without any text is left out. Raises BadDataset where a file is missing or broken.
    """
    try:
        articles = [article for line in _lines(folder / "corpus.jsonl") if (article := _article(line))]
        relevant = _judgements(folder)
        answers = {str(line["_id"]): line for line in _answers(folder)}
        queries = [_query(line, relevant, answers) for line in _lines(folder / "queries.jsonl")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadDataset(
            f"{folder} is no data set in BEIR layout (corpus.jsonl, queries.jsonl, qrels/*.tsv): {error!r}"
        ) from error
    if not articles or not queries:
        raise BadDataset(f"{folder} holds no documents or no questions")
    return Dataset(folder.resolve().name, folder, sorted(articles, key=lambda article: article.id), queries)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _answers(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / "answers.jsonl"
    return (line for line in _lines(path) if "unanswerable" in line) if path.exists() else iter(())


def _article(line: dict[str, Any]) -> Article | None:
    name, title = str(line["_id"]), " ".join(clean(str(line.get("title") or "")).split())
    paragraphs = clean(str(line["text"] or "")).split("\n")
    text, blocks = join_blocks(("paragraph", " ".join(part.split())) for part in paragraphs)
    if not text:
        return None
    metadata = line.get("metadata") or {}
    published = str(metadata.get("published_at") or metadata.get("published") or "")[:10]
    return Article(
        id=name,
        title=title or name,
        text=text,
        blocks=blocks,
        sha256=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        publisher=str(metadata.get("source") or ""),
        published=published if is_date(published) else "",
    )


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise FileNotFoundError(f"{folder / 'qrels'} holds no .tsv file")
    relevant: dict[str, dict[str, int]] = {}
    for path in files:
        rows = [row.split("\t") for row in path.read_text("utf-8").splitlines() if row.strip()]
        for query, document, grade in rows[1:] if rows and rows[0][0] == "query-id" else rows:
            if float(grade) > 0:
                relevant.setdefault(query, {})[document] = max(1, round(float(grade)))
    return relevant


def _query(line: dict[str, Any], relevant: dict[str, dict[str, int]], answers: dict[str, dict[str, Any]]) -> Query:
    name = str(line["_id"])
    turns = line.get("history") or []
    earlier = tuple(str(turn["text"]) for turn in turns if turn.get("speaker", "user") == "user")
    own = line.get("source_passage")
    known = answers.get(name)
    unanswerable = bool(known["unanswerable"]) if known else None
    written = [str(text) for text in (known or {}).get("answers") or ()]
    short = tuple(text for text in written if len(text.split()) <= _SHORT)
    return Query(name, str(line["text"]), earlier, relevant.get(name, {}), own and str(own), unanswerable, short)
