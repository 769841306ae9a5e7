"""What hits are told by: names that they lack, and the sentence that is marked."""

from pathlib import Path

import numpy as np
import pytest

from index.keywords.tokenizer import tokenise
from index.search.highlight import sentence_scores
from index.search.questions.question import Question
from tests.conftest import indexed


@pytest.mark.parametrize(("name", "missing"), [("Kandinsky", 0.0), ("Kandisnky", 1.0), ("Portugal", 1.0)])
def test_a_name_that_is_spelt_otherwise_is_missing(name: str, missing: float, tmp_path: Path) -> None:
    searcher = indexed(tmp_path, {"a.md": "Kandinsky painted squares.", "b.md": "Basalt is dark."})
    [first, _] = searcher.search(Question(f"What squares painted {name}?"))

    assert (first.passage.article.id, first.features.missing) == ("a", missing)


def test_of_the_titles_words_the_sentence_that_has_them_gains_little(tmp_path: Path) -> None:
    text = "The harbour of Lisbon, Lisbon harbour. It was dredged in the spring of 1890 for ships."
    marked = {}
    for title in ("Lisbon harbour", "Spring"):
        searcher = indexed(tmp_path / title, {"a.md": f"---\ntitle: {title}\n---\n{text}"})
        [hit] = searcher.search(Question("Was Lisbon harbour dredged?"))
        start, end = hit.best_sentence
        marked[title] = hit.passage.article.text[start:end]

    assert marked == {
        "Lisbon harbour": "It was dredged in the spring of 1890 for ships.",
        "Spring": "The harbour of Lisbon, Lisbon harbour.",
    }


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        (
            "Is there a doctor in the castle? No, but a nurse can be found in the tower. Where is the well? Outside.",
            "Is there a doctor in the castle?",
            "No, but a nurse can be found in the tower.",
        ),
        ("Who built the castle? Who lived in the castle?", "Who built the castle?", "Who built the castle?"),
    ],
)
def test_a_question_in_the_text_is_not_marked_but_what_follows_it(
    text: str, question: str, marked: str, tmp_path: Path
) -> None:
    [hit] = indexed(tmp_path, {"a.md": f"# Castle\n\n{text}"}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)] == marked


def test_the_words_of_the_heading_above_a_sentence_count_as_its_own() -> None:
    sentences = ["Run the file.", "Run the file, too."]
    words = dict.fromkeys(tokenise("How do I run the file on Windows?"), 1.0)
    alone = sentence_scores(sentences, np.zeros(2, np.float32), words)
    under = sentence_scores(sentences, np.zeros(2, np.float32), words, headings=["Linux", "Windows"])
    assert alone[0] == alone[1] == under[0]
    assert under[1] > under[0]
