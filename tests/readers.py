"""A reader of which every result is known: it takes words of its own for the answer wherever it sees them."""

from collections.abc import Sequence

from index.reader.reader import Extract, PassageReading, Reader, SentenceReading

SURE, UNSURE = 4.0, -4.0


class Looking(Reader):
    """A Reader that finds `words` in a passage, and keeps what it was asked; it abstains from `unread` passages."""

    def __init__(self, words: str, unread: str = "") -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self._wanted, self._unread = words, unread

    def read(self, question: str, extracts: Sequence[Extract]) -> list[PassageReading | None]:
        self.asked.append((question, [extract.text for extract in extracts]))
        return [None if self._unread and self._unread in each.text else self._reading(each) for each in extracts]

    def _reading(self, extract: Extract) -> PassageReading:
        place = extract.text.find(self._wanted)
        sentences = {}
        for row, (start, end) in enumerate(extract.sentences):
            found = start <= place < end
            answer = (place, place + len(self._wanted)) if found else (start, start + 1)
            sentences[row] = SentenceReading(SURE if found else UNSURE, answer)
        return PassageReading(SURE if place >= 0 else UNSURE, sentences)
