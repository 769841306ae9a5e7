"""The passages that all contenders get: those of the articles, and passages joined from the articles' sentences."""

import json
import random
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.passages.chunking import Chunking, Count, split
from index.passages.sentences import sentence_spans
from index.reading.folder import read_folder

_SEED = 7
_PLAIN = re.compile(r"[^\W\d_][^#*_`|<>\[\]]*[.!?。！？]")  # no sign of it means anything in Markdown

Cut = tuple[str, str, int, int]
"""A passage: its text, its article, start and end."""


def write_corpus(articles: Path, passages: Path, count: Count) -> dict[str, Any]:
    """Write the passages of a folder of articles, in order, to a file; both paths and the number of passages."""
    cuts = [
        (article.text[start:end], article.id, start, end)
        for article in read_folder(articles).articles
        for start, end in (chunk.span for chunk in split(article, count, Chunking()))
    ]
    passages.parent.mkdir(parents=True, exist_ok=True)
    passages.write_text(json.dumps(cuts, ensure_ascii=False), "utf-8")
    return {"articles": str(articles), "passages": str(passages), "count": len(cuts)}


def read_passages(path: Path) -> list[Cut]:
    """The passages of a corpus."""
    return [(text, article, start, end) for text, article, start, end in json.loads(path.read_text("utf-8"))]


def write_larger(articles: Path, folder: Path, count: Count, passages: Sequence[Cut], size: int) -> None:
    """Copy the articles, and add joined sentences until there are about `size` passages.

    Each joined text is an article of its own, with sentences of the articles in a seeded shuffle; it is about as long
    in tokens as one of `passages`, the passages of the articles.
    """
    shutil.copytree(articles, folder)
    sentences = plain_sentences(articles)
    tokens = dict(zip(sentences, count(sentences), strict=True))
    shortest = min(tokens.values())
    sizes = [max(shortest, tokens) for tokens in count([text for text, *_ in passages])]
    draw = random.Random(_SEED)  # noqa: S311 - a shuffle that is the same in every run
    joined = dict.fromkeys(filled(draw, tokens, draw.choice(sizes)) for _ in range(len(passages), size))
    lines = (
        json.dumps({"id": f"{number:05}", "title": f"Joined sentences {number}", "text": text}, ensure_ascii=False)
        for number, text in enumerate(joined)
    )
    (folder / "joined.jsonl").write_text("\n".join(lines), "utf-8")


def plain_sentences(articles: Path) -> list[str]:
    """The sentences of a folder of articles that are plain text, each once."""
    texts = (
        article.text[start:end]
        for article in read_folder(articles).articles
        for start, end in sentence_spans(article.text)
    )
    return [sentence for sentence in dict.fromkeys(texts) if _PLAIN.fullmatch(sentence)]


def filled(draw: random.Random, tokens: Mapping[str, int], limit: int) -> str:
    """Sentences in a random order, joined until no other one fits into the limit; `tokens` has their sizes."""
    chosen = []
    for sentence in draw.sample(list(tokens), len(tokens)):
        if tokens[sentence] <= limit:
            limit -= tokens[sentence]
            chosen.append(sentence)
    return " ".join(chosen)
