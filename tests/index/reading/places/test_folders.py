"""Several folders: their names begin the ids and files, and each keeps what belongs to it."""

from pathlib import Path

import pytest

from index.errors import BadFolder
from index.reading.folder import read_folder
from index.reading.freshness import Freshness
from index.reading.places.folders import checked_places, read_where, written
from index.reading.places.reader import Problem
from index.reading.shards import Shard
from tests.conftest import write_articles

HANDBOOK = {
    "rules.md": "Shut the gate.\n",
    "old/rules.md": "Open the gate.\n",
    "bad.md": "---\ntitle: [\n---\nText.\n",
    ".indexignore": "drafts/*\n",
    ".synonyms": "gate, door\nlorry\n",
    ".groups": "staff\n",
    "drafts/x.md": "A draft.\n",
    "picture.png": "",
}
NEWS = {"rules.md": "---\ngroups: press\n---\nThe gate is shut.\n", ".synonyms": "door, hatch\nlorry, truck\n"}


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders."""
    return write_articles(tmp_path / "handbook", HANDBOOK), write_articles(tmp_path / "news", NEWS)


def test_the_names_of_several_folders_begin_ids_and_files(both: tuple[Path, Path]) -> None:
    folder = read_folder(both)
    named = [(article.id, article.file, article.groups) for article in folder.articles]
    assert named == [
        ("handbook/old/rules", "handbook/old/rules.md", ("staff",)),
        ("handbook/rules", "handbook/rules.md", ("staff",)),
        ("news/rules", "news/rules.md", ("press",)),
    ]
    assert (folder.files, folder.kinds) == (3, {".indexignore": 1, ".png": 1})


def test_problems_and_synonyms_name_their_folder(both: tuple[Path, Path]) -> None:
    folder = read_folder(both)
    assert folder.synonyms == (("gate", "door"), ("lorry", "truck"))
    assert [problem.file for problem in folder.problems if problem.lost] == ["handbook/bad.md"]
    assert [problem for problem in folder.problems if not problem.lost] == [
        Problem(
            "handbook/.synonyms",
            "line 2: it holds one word. Write words that mean the same, with commas between them",
            lost=False,
        ),
        Problem(
            "news/.synonyms",
            "'door' stands in handbook/.synonyms, too. Put all its words in one line",
            lost=False,
        ),
    ]


def test_a_single_folder_lends_no_name(both: tuple[Path, Path]) -> None:
    assert [article.id for article in read_folder(both[:1]).articles] == ["old/rules", "rules"]
    assert [article.file for article in read_folder(both[1]).articles] == ["rules.md"]


def test_every_file_of_several_folders_is_in_one_shard(both: tuple[Path, Path]) -> None:
    shards = [[article.id for article in read_folder(both, shard=shard).articles] for shard in Shard.all(3)]
    assert sorted(name for names in shards for name in names) == ["handbook/old/rules", "handbook/rules", "news/rules"]
    assert all(shard.has(f"{name}.md") for shard, names in zip(Shard.all(3), shards, strict=True) for name in names)


def test_each_file_is_checked_in_its_own_folder(both: tuple[Path, Path]) -> None:
    freshness = Freshness(written(both))
    articles = {article.id: article for article in read_folder(both).articles}
    assert freshness.path(articles["news/rules"]) == both[1] / "rules.md"
    (both[1] / "rules.md").write_text("The gate is open.", "utf-8")
    (both[0] / "rules.md").unlink()
    both[0].joinpath("old").rename(both[0] / "older")
    assert {name: freshness.state(article) for name, article in articles.items()} == {
        "handbook/old/rules": "gone",
        "handbook/rules": "gone",
        "news/rules": "changed",
    }
    both[0].rename(both[0].with_name("away"))
    assert freshness.state(articles["handbook/rules"]) == "unchecked"
    assert Freshness(both[1]).state(articles["handbook/rules"]) == "gone"
    assert Freshness(written((both[1], both[1].parent / "third"))).state(articles["handbook/rules"]) == "unchecked"


def test_a_manifest_keeps_the_folders_a_line_each(both: tuple[Path, Path]) -> None:
    assert written(both) == f"{both[0]}\n{both[1]}"
    assert read_where(written(both)) == both
    assert read_where(written(both[0])) == both[0]
    assert read_where("/a\nb") == Path("/a\nb")


def test_folders_that_cannot_be_told_apart_are_refused(both: tuple[Path, Path], tmp_path: Path) -> None:
    other = write_articles(tmp_path / "old/news", {"a.md": "A."})
    inner = both[0] / "old"
    refused = {
        (both[1], other): f"two folders are called 'news': {both[1]} and {other}. "
        "Their names begin the ids of their articles: rename one of them",
        (both[0], both[0] / "old/.."): f"{both[0]} is named twice. Name it once",
        (both[0], inner): f"{inner} lies in {both[0]}, which is read whole. Name only one of them",
        (
            both[0],
            tmp_path / "news\n",
        ): f"{tmp_path}/news\n has no name that can begin the ids of its articles. Rename it",
    }
    for folders, said in refused.items():
        with pytest.raises(BadFolder) as caught:
            checked_places(folders)
        assert str(caught.value) == said


def test_one_folder_that_is_away_or_empty_stops_the_build_of_all(both: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="away does not exist"):
        read_folder((*both, tmp_path / "away"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFolder, match=r"no articles in .*empty"):
        read_folder((*both, tmp_path / "empty"))
