"""The first citations come from two articles where two have good passages; cards of one article are joined."""

from dataclasses import replace
from pathlib import Path

from app.answering.answer import Answer
from app.answering.language import chosen
from app.web.chat.cards import answer_html
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.web.chat.test_cards import CITATION
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


def test_cards_of_one_article_after_each_other_are_joined() -> None:
    cited = tuple(
        replace(CITATION, number=number, article=article) for number, article in enumerate(("a", "a", "b", "b", "a"), 1)
    )
    html = answer_html(Answer("q", "answer", cited, (), "b", 0.0), chosen("", "en"))
    starts = [part.split('"', 1)[0] for part in html.split('<article class="')[1:]]
    assert starts == ["card", "card goes-on", "card", "card", "card"]
