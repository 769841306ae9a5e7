"""Suggestions of one view of a collection for the words that are typed."""

import logging
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, islice

import numpy as np

from app.answering.suggestions.matching import Matcher
from app.answering.suggestions.suggestion import Suggestion, Titled, all_headings, different, titles
from index.articles.catalogue import Catalogue
from index.errors import UserError

SUGGESTED = 8  # texts at most
_LEADING = 4  # of them questions that come before titles and headings
_AT_ONCE = 200  # articles whose headings are read within a request
_CHECKED = 8  # questions that are tried after a request

_log = logging.getLogger(__name__)
_checking = threading.Lock()  # questions are tried by one thread of the process, as people wait for other answers

Answers = Callable[[str], bool]
"""Whether the articles of a view answer a question."""


class Suggestions:
    """Titles and headings of the visible articles, read when they are first asked for, and questions that these answer.

    In a large collection the titles are there at once and the headings as soon as all texts have been read, in the
    background. A question is tried in the background when it is first typed, and suggested from then on if the
    view's articles answer it.
    """

    def __init__(self, articles: Catalogue) -> None:
        self._articles = articles
        self._reading = threading.Lock()
        self._texts: _Texts | None = None
        self._whole = False
        self._answered: dict[str, bool] = {}

    def matching(
        self, typed: str, questions: tuple[str, ...], answers: Answers, language: str = ""
    ) -> tuple[Suggestion, ...]:
        """At most SUGGESTED texts that hold the typed words; those of articles in the `language` come first.

        Of the `questions` only those that `answers` are suggested.
        """
        matched = [questions[row] for row in _matcher(questions).matching(typed)]
        self._try([question for question in matched if question not in self._answered], answers)
        asked = [Suggestion(text, "question") for text in matched if self._answered.get(text)]
        texts = self._current().matching(typed, language)
        both = chain(asked[:_LEADING], islice(texts, SUGGESTED), asked[_LEADING:])
        different = {suggestion.text.casefold(): suggestion for suggestion in reversed(list(both))}
        return tuple(reversed(different.values()))[:SUGGESTED]

    def complete(self) -> None:
        """Read what is not read yet. Raises what reading an article raises."""
        with self._reading:
            if not self._whole:
                self._texts = _Texts(different(chain(titles(self._articles), all_headings(self._articles))))
                self._whole = True

    def _current(self) -> "_Texts":
        if not self._whole and len(self._articles) <= _AT_ONCE:
            self.complete()
        if self._texts is None:
            with self._reading:
                if self._texts is None:
                    self._texts = _Texts(different(titles(self._articles)))
                    threading.Thread(target=_logged, args=[self.complete], daemon=True).start()
        return self._texts

    def _try(self, questions: Sequence[str], answers: Answers) -> None:
        """Try some of these questions in the background, unless others are being tried."""

        def work() -> None:
            try:
                for question in questions[:_CHECKED]:
                    self._answered[question] = answers(question)
            finally:
                _checking.release()

        if questions and _checking.acquire(blocking=False):
            threading.Thread(target=_logged, args=[work], daemon=True).start()


class _Texts:
    """Titles and headings with their matcher."""

    def __init__(self, texts: Sequence[Titled]) -> None:
        self._suggestions = [titled.suggestion for titled in texts]
        self._languages = np.array([titled.language.partition("-")[0].lower()[:3] for titled in texts], "U3")
        self._matcher = Matcher([suggestion.text for suggestion in self._suggestions])

    def matching(self, typed: str, language: str) -> list[Suggestion]:
        liked = self._languages == language.partition("-")[0].lower() if language else None
        return [self._suggestions[row] for row in self._matcher.matching(typed, liked)[:SUGGESTED]]


@lru_cache(maxsize=4)
def _matcher(questions: tuple[str, ...]) -> Matcher:
    return Matcher(questions)


def _logged(work: Callable[[], None]) -> None:
    """Do the work in a thread; a person's problem is told in the log, and suggestions go on without."""
    try:
        work()
    except UserError as error:
        _log.error("suggestions: %s", error)
