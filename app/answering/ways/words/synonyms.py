"""Words that mean the same in a collection: acronyms and their long forms, and the owner's synonyms."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from index.articles.catalogue import Catalogue
from index.keywords.tokenizer import STOP_WORDS, tokenise, word_spans
from index.keywords.vocabulary import Vocabulary
from index.passages.sentences import Span
from index.patterns import lazy
from index.reading.acronyms import is_short

_MOST = 3  # other forms of a form
_SMALL = frozenset("a an and at by de for from in of on the to".split())
_BETWEEN = lazy(r"[!?;:。，、；：！？\n]|\.\s")  # signs that stand in no form
_POSSESSIVE = lazy(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Form:
    """A word or phrase: as written, and its words for comparison; a form that is `exact` keeps its capitals."""

    written: str
    words: tuple[str, ...]
    exact: bool

    @classmethod
    def of(cls, written: str) -> "Form":
        """The form; small words (of, and, the) do not count in a phrase."""
        words = [_base(written[start:end]) for start, end in word_spans(written)]
        exact = is_short(written)
        return cls(written, tuple(words if exact else [word for word in words if word not in _SMALL] or words), exact)


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its words."""

    text: str
    spans: list[Span]
    words: list[str]

    @classmethod
    def of(cls, text: str) -> "Text":
        """The text, split."""
        spans = word_spans(text)
        return cls(text, spans, [_base(text[start:end]) for start, end in spans])

    def end(self, form: Form, first: int) -> int | None:
        """The number of the word after the form, if that begins with the word number `first`; else None."""
        at = first
        for word in form.words:
            while first < at < len(self.words) and self.words[at] in _SMALL and self.words[at] != word:
                at += 1
            if at == len(self.words) or self.words[at] != word:
                return None
            at += 1
        written = self.written(first, at)
        is_it = not _BETWEEN.search(written) and written.count(",") <= form.written.count(",")
        if form.exact:
            is_it = written in (form.written, f"{form.written}s") and not self._is_shouted(form)
        return at if is_it and not self._is_of_code(first, at) else None

    def holds(self, form: Form) -> bool:
        """Whether the form stands in the text."""
        if form.words[0] not in self.words:  # the usual case
            return False
        return any(word == form.words[0] and self.end(form, at) is not None for at, word in enumerate(self.words))

    def written(self, first: int, end: int) -> str:
        """The words from number `first` to `end`, without a possessive ending."""
        return _POSSESSIVE.sub("", self.text[self.spans[first][0] : self.spans[end - 1][1]])

    def is_in_name(self, first: int, end: int) -> bool:
        """Whether these words, if they begin with a capital, are part of a longer name: Harbour Safety Board Museum."""
        if not self.written(first, end)[0].isupper():
            return False
        after = end < len(self.words) and self._gap(end) == " " and self.text[self.spans[end][0]].isupper()
        if after or first < 2 or self._gap(first) != " ":
            return after
        before = self.text[slice(*self.spans[first - 1])]
        return before[0].isupper() and not _POSSESSIVE.search(before) and before.casefold() not in STOP_WORDS

    def _gap(self, at: int) -> str:
        return self.text[self.spans[at - 1][1] : self.spans[at][0]]

    def _is_of_code(self, first: int, end: int) -> bool:
        """Whether a sign ties the words to more: HSB-42, @HSB."""
        start, stop = self.spans[first][0], self.spans[end - 1][1]
        return bool(re.match(r"[-_/.@]\d|_|@", self.text[stop:])) or self.text[start - 1 : start] in (
            "_",
            "@",
            "#",
            "/",
        )

    def _is_shouted(self, form: Form) -> bool:
        """Whether capitals tell nothing, because the whole text is in capitals, and the form would be a common word."""
        is_common = form.written.casefold() in STOP_WORDS or form.written == "US"
        return is_common and len(self.words) > 1 and self.text.isupper()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The forms of a collection by their first word, longest first, each with at most three that mean the same."""

    forms: Mapping[str, Sequence[tuple[Form, Sequence[Form]]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, articles: Catalogue, groups: Sequence[Sequence[str]] = (), vocabulary: Vocabulary | None = None
    ) -> "Synonyms":
        """The acronyms of the visible articles, and the owner's groups of words.

        Owner's words that the visible passages, whose `vocabulary` this is, do not hold are exchanged for nothing.
        """
        pairs = Counter[tuple[str, str]]()
        for listed in articles.column("acronyms"):
            pairs.update({(short, long) for short, long in listed or ()})
        others = defaultdict[Form, dict[tuple[str, ...], Form]](dict)
        known = dict[tuple[tuple[str, ...], bool], Form]()  # the usual spelling of each form
        owned = [(word, other) for group in groups for word in group for other in group if word != other]
        for word, other in [*_occurring(owned, vocabulary), *_both_ways(pairs)]:
            form, exchanged = (
                known.setdefault((each.words, each.exact), each) for each in (Form.of(word), Form.of(other))
            )
            if form.words and exchanged.words and form.words != exchanged.words:
                others[form].setdefault(exchanged.words, exchanged)
        forms = defaultdict[str, list[tuple[Form, Sequence[Form]]]](list)
        for form in sorted(others, key=lambda form: -len(form.words)):
            forms[form.words[0]].append((form, tuple(others[form].values())[:_MOST]))
        return cls(dict(forms))

    def found(self, text: str) -> Iterator[tuple[str, Form, Sequence[Form]]]:
        """The forms in a text, in order: as written there, the form itself, and those that mean the same."""
        split = Text.of(text)
        at = 0
        while at < len(split.words):
            for form, others in self.forms.get(split.words[at], ()):
                end = split.end(form, at)
                if end is not None:
                    if not split.is_in_name(at, end) or form.exact:
                        yield split.written(at, end), form, [other for other in others if not split.holds(other)]
                    at = end - 1
                    break
            at += 1


NO_SYNONYMS = Synonyms()


def _both_ways(pairs: Counter[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of a short and a long form, and the other way, those of most articles first."""
    for short, long in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        yield short, long
        yield long, short


def _occurring(pairs: Sequence[tuple[str, str]], vocabulary: Vocabulary | None) -> Iterator[tuple[str, str]]:
    """The pairs whose second words occur in the passages."""
    terms = {word: tokenise(word) for _, word in pairs}
    every = {term for listed in terms.values() for term in listed}
    held = vocabulary.document_frequencies(every) if vocabulary and every else {}
    return (pair for pair in pairs if all(term in held for term in terms[pair[1]]))


def _base(word: str) -> str:
    """A word for comparison: without case, possessive ending and the `s` of a plural."""
    word = _POSSESSIVE.sub("", word.casefold())
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word
