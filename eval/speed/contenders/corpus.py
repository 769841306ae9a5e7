"""The passages that all contenders get: those of the articles, and passages joined from the articles' sentences."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.speed.contender import Failed
from index.articles.article import Article
from index.passages.chunking import Chunking, Count, split
from index.passages.sentences import sentence_spans
from index.reading.folder import read_folder

_SEED = 7
_PLAIN = re.compile(r"[^\W\d_][^#*_`|<>\[\]]*[.!?。！？]")  # no sign of it means anything in Markdown
_SPARE = 1.3  # more than needed, for those that are equal or come out as another number of passages than one

Cut = tuple[str, str, int, int]
"""A passage: its text, its article, where it starts and ends."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of articles, and the passages that our splitter makes of it, in a file."""

    articles: Path
    passages: Path


def cut(folder: Path, count: Count) -> list[Cut]:
    """Every passage of a folder of articles, in order."""
    return [passage for article in read_folder(folder).articles for passage in _passages(article, count)]


def write_real(articles: Path, target: Path, count: Count) -> Corpus:
    """The corpus of the articles as they are."""
    return _written(articles, target, cut(articles, count))


def write_larger(articles: Path, target: Path, count: Count, passages: int) -> Corpus:
    """So many passages: those of the articles as they are, and behind them joined ones of like lengths.

    A joined one is an article of its own, with sentences of the articles in a seeded shuffle; none
    is equal to another passage. Raises Failed where that gives another number of passages.
    """
    read = read_folder(articles).articles
    own = [passage for article in read for passage in _passages(article, count)]
    wanted = max(0, passages - len(own))
    folder = target / "articles"
    folder.mkdir(parents=True)
    sizes = list(count([text for text, *_ in own]))
    texts = _joined(list(_sentences(read)), sizes, count, round(wanted * _SPARE))
    _write_records(texts, folder)
    found = (_passages(article, count) for article in (read_folder(folder).articles if wanted else ()))
    known = {text for text, *_ in own}
    kept = dict.fromkeys(cuts[0][0] for cuts in found if len(cuts) == 1 and cuts[0][0] not in known)
    _write_records(list(kept)[:wanted], folder)
    for article in read:
        path = folder / article.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((articles / article.file).read_bytes())
    cuts = cut(folder, count)
    if len(cuts) != passages:
        raise Failed(f"{articles} gives {len(cuts)} passages, not {passages}; ask for another number with --passages")
    return _written(folder, target, cuts)


def read_passages(path: Path) -> list[Cut]:
    """The passages of a corpus."""
    return [(text, article, start, end) for text, article, start, end in json.loads(path.read_text("utf-8"))]


def _written(articles: Path, target: Path, passages: Sequence[Cut]) -> Corpus:
    target.mkdir(parents=True, exist_ok=True)
    path = target / "passages.json"
    path.write_text(json.dumps(passages, ensure_ascii=False), "utf-8")
    return Corpus(articles, path)


def _passages(article: Article, count: Count) -> list[Cut]:
    spans = (chunk.span for chunk in split(article, count, Chunking()))
    return [(article.text[start:end], article.id, start, end) for start, end in spans]


def _sentences(articles: Iterable[Article]) -> Iterator[str]:
    """The sentences that are plain text, each once."""
    found = (article.text[start:end] for article in articles for start, end in sentence_spans(article.text))
    return (sentence for sentence in dict.fromkeys(found) if _PLAIN.fullmatch(sentence))


def _joined(sentences: Sequence[str], sizes: Sequence[int], count: Count, wanted: int) -> Iterator[str]:
    """Texts of shuffled sentences, each no longer in tokens than a passage drawn from `sizes`, or of one sentence."""
    draw = random.Random(_SEED)  # noqa: S311 - a shuffle that is the same in every run
    tokens = dict(zip(sentences, count(sentences), strict=True))
    waiting: list[str] = []
    for _ in range(wanted):
        size, own = draw.choice(sizes), list[str]()
        while not own or sum(tokens[sentence] for sentence in own) < size:
            waiting = waiting or draw.sample(sentences, len(sentences))
            if own and sum(tokens[sentence] for sentence in [*own, waiting[-1]]) > size:
                break
            own.append(waiting.pop())
        yield " ".join(own)


def _write_records(texts: Iterable[str], folder: Path) -> None:
    lines = (
        json.dumps({"id": f"{number:05}", "title": f"Joined sentences {number}", "text": text}, ensure_ascii=False)
        for number, text in enumerate(texts)
    )
    (folder / "joined.jsonl").write_text("\n".join(lines), "utf-8")
