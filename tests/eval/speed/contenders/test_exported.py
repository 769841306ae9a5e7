"""The reader's weights as other libraries read them give what the reader gives."""

from pathlib import Path

import pytest

from index.reader.reader import load_reader
from index.reader.windows import Windows

pytestmark = pytest.mark.slow

QUESTION, PASSAGE, OTHER = "When was the castle built?", "The castle was built in 1087.", "Bees fly far."


def test_the_exported_models_give_the_logits_of_the_reader(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification, AutoTokenizer

    from eval.speed.contenders.exported import export

    export(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "ranker")
    ranker = AutoModelForSequenceClassification.from_pretrained(tmp_path / "ranker").eval()
    extractive = AutoModelForQuestionAnswering.from_pretrained(tmp_path / "extractive").eval()
    bodies = [f"[SEP] {text}" for text in (PASSAGE, OTHER)]  # the reader reads a title first, here an empty one
    pairs = tokenizer([QUESTION] * 2, bodies, return_tensors="pt", padding=True)
    with torch.inference_mode():
        logits = ranker(**pairs).logits[:, 0]
        starts = extractive(**pairs).start_logits[0, 1:]

    made = Windows(tmp_path / "ranker" / "tokenizer.json")
    windows = [
        made.window(made.question(QUESTION), [], tokens, (0, len(tokens.ids)))
        for tokens in map(made.tokens, (PASSAGE, OTHER))
    ]
    expected = [relevance for relevance, _, _ in load_reader().outputs(windows)]
    assert logits.tolist() == pytest.approx(expected, abs=0.1)
    assert tokenizer.decode(pairs.input_ids[0, 1 + int(starts.argmax())]) == "108"
