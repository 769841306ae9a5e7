"""The line of an article in which searched words stand."""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from operator import attrgetter

from markupsafe import Markup

from app.web.marking import marked
from index.articles.article import Article
from index.keywords.tokenizer import is_value, terms, tokenise, word_spans
from index.keywords.values import values_in
from index.passages.sentences import Span, sentence_spans

_REACH = 150  # characters shown on either side of the first word
_MOST = 20_000  # places of an article that are looked at
_READ = 8  # lines that are read word by word
_CUT = "…"
_BOUNDS = ("", *'\n.!?…。！？"”」』）)')  # before a sentence, and at its end


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line with its words marked, and its span in the article."""

    html: Markup
    span: Span


class Excerpts:
    """Lines of articles in which the words of one search stand."""

    def __init__(self, words: str) -> None:
        self._tokens = frozenset(tokenise(words))
        beginnings = {_beginning(word, term) for word, term in terms(words)}
        numbers = {re.sub(r"[.,]", "", number) for number in re.findall(r"[0-9][0-9.,]*", words)}
        patterns = {re.escape(each) for each in beginnings if each}
        patterns |= {"[.,]?".join(number) for digits in numbers for number in (digits, digits.rstrip("0")) if number}
        longest_first = sorted(patterns, key=len, reverse=True)
        self._places = re.compile("|".join(longest_first)) if self._tokens and longest_first else None

    def marked(self, text: str) -> Markup:
        """The text with the words marked."""
        return marked(text, self._marks(text))

    def of(self, article: Article) -> Excerpt | None:
        """The line of an article that holds most of the words, or None.

        Places that begin like the words are found first; only the lines with most of them are read.
        """
        best, most = None, 0
        for span in self._lines(article):
            count = len(self._tokens.intersection(tokenise(article.text[slice(*span)])))
            if count > most:
                best, most = span, count
            if most == len(self._tokens):
                break
        return self._shown(article, best) if best else None

    def _lines(self, article: Article) -> list[Span]:
        """The spans of the lines with most of the beginnings, the first of equal ones first."""
        if self._places is None:
            return []
        text = article.text
        lines: dict[tuple[int, int], list[re.Match[str]]] = defaultdict(list)
        for match in islice(self._places.finditer(_folded(text)), _MOST):
            block = bisect_right(article.blocks, match.start(), key=attrgetter("start")) - 1
            if block >= 0:
                lines[block, (match.start() - article.blocks[block].start) // _REACH].append(match)
        ranked = sorted(lines.items(), key=lambda line: (_worth(line[1]), line[0]))
        return [
            _around(text, (article.blocks[block].start, article.blocks[block].end), found)
            for (block, _), found in ranked[:_READ]
        ]

    def _shown(self, article: Article, span: Span) -> Excerpt:
        start, end = span
        text = article.text
        before = "" if text[max(start - 2, 0) : start].rstrip(" ")[-1:] in _BOUNDS else _CUT
        after = "" if text[end : end + 1] in ("", "\n") or text[end - 1] in _BOUNDS else _CUT
        html = self.marked(text[start:end].replace("\n", " "))
        return Excerpt(Markup("{}{}{}").format(before, html, after), span)

    def _marks(self, text: str) -> list[Span]:
        """The spans of the words, those without a gap between them joined."""
        spans = word_spans(text) if self._tokens else []
        hits = [span for span in spans if not self._tokens.isdisjoint(tokenise(text[slice(*span)]))]
        hits += [
            (first[0], second[1])
            for first, second in pairwise(spans)
            if first[1] == second[0] and text[first[0] : second[1]] in self._tokens
        ]
        normal = unicodedata.normalize("NFKC", text) if self._tokens else ""
        if len(normal) == len(text):  # dates and numbers in another spelling
            values = values_in(normal)
            hits += [(value.start, value.end) for value in values if not self._tokens.isdisjoint(value.terms)]
        joined: list[Span] = []
        for start, end in sorted(hits):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined


def _worth(found: Sequence[re.Match[str]]) -> tuple[int, int]:
    """A sort key by which the places with most different beginnings, and the longest of these, come first."""
    different = {match[0] for match in found}
    return -len(different), -sum(map(len, different))


def _beginning(word: str, term: str) -> str:
    """The letters, folded, with which a word and all its inflexions begin; empty for a number."""
    written = _folded(word)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(written, _folded(term), strict=False))
    return "" if is_value(term) else "".join(letter for letter, _ in same) or written


def _folded(text: str) -> str:
    """The text without case and accents, character for character."""
    return text.lower() if text.isascii() else text.translate({ord(char): _letter(char) for char in set(text)})


def _letter(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0].lower()[0]


def _around(text: str, block: Span, found: Sequence[re.Match[str]]) -> Span:
    """The span of the sentences of a block that hold these places, cut off between words where they reach far."""
    first, last = found[0].start(), found[-1].end()
    start, end = max(block[0], first - _REACH), min(block[1], last + _REACH)
    if start > block[0]:
        start = max(start, text.find(" ", start, first) + 1)
    if end < block[1]:
        end = max(last, text.rfind(" ", last, end)) if " " in text[last:end] else end
    spans = [span for span in sentence_spans(text, start, end) if span[1] > first and span[0] < last]
    return (spans[0][0], spans[-1][1]) if spans else (first, last)
