"""What a collection costs as it grows: time to build, disk, time to open, memory, time to answer."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.speed.contender import Contender, module
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.contenders.race import Say

SIZES = (1_000, 10_000, 100_000)
_REAL_UP_TO = 10_000  # passages encoded by the real encoder; of more the vectors are synthetic
COMPARED = 100  # questions whose nearest passages are found one by one, too


def scale(sizes: Sequence[int], work: Path | None, say: Say) -> Iterator[dict[str, Any]]:
    """A row a size, each as soon as it is measured. Raises Failed where one cannot be built or asked."""
    questions = [question.question for question in asked_alone()]
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=work) as folder:
            row = _row(size, Path(folder), questions, say)
        say(f"{row['passages']:,} passages: built in {row['build_s']:.1f} s")
        yield row


def _row(size: int, folder: Path, questions: Sequence[str], say: Say) -> dict[str, Any]:
    """Each part in a process of its own, so that none is charged with another's memory."""
    texts, index, synthetic = str(folder / "texts"), str(folder / "index"), size > _REAL_UP_TO
    told = {"articles": str(ARTICLES), "source": texts, "folder": index, "synthetic": synthetic}
    say(f"{size:,} passages")
    _told(folder, "write", articles=str(ARTICLES), folder=texts, passages=size)
    made = _told(folder, "make", **told)
    asked = _told(folder, "ask", folder=index, questions=questions)
    found = _told(folder, "recall", folder=index, questions=questions[:COMPARED])
    return {"vectors": "synthetic" if synthetic else "real", **made, **asked, **found}


def _told(work: Path, do: str, /, **values: Any) -> dict[str, Any]:
    with Contender(do, module("growth.sized"), work / f"{do}.log") as one:
        return one.tell(do, **values)
