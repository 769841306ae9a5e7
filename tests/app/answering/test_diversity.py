"""The first citations come from two articles where two have good passages; cards of one article are joined."""

from pathlib import Path

from index.stores.builds.build import build
from tests.answers import answer_to
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

REPORT = "\n\n".join(
    f"## Part {name}\n\nThe ferry to Stile carried cars in {name}. {'It was a long and quiet time on the water. ' * 12}"
    for name in ("May", "June", "July", "August", "September", "October")
)


def articles_of(folder: Path, other: str) -> list[str]:
    for name, text in (("report", REPORT), ("other", other)):
        (folder / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text}\n", "utf-8")
    build(folder, folder / ".index", IDENTITY, load=HashingEncoder)
    answer = answer_to(searcher_of(folder / ".index"), "Did the ferry to Stile carry cars?")
    return [citation.article for citation in answer.citations or answer.closest]


def test_a_good_passage_of_another_article_takes_the_last_place(tmp_path: Path) -> None:
    first = "The ferry to Stile carried many cars and letters and sheep, said its old master on shore."
    other = f"{first} {'It was a short and loud time on the water. ' * 12}"
    assert articles_of(tmp_path, other) == ["report"] * 4 + ["other"]


def test_a_poor_one_does_not(tmp_path: Path) -> None:
    assert articles_of(tmp_path, "Bees like heather.") == ["report"] * 5
