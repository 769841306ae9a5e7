"""Freshness of articles in files that hold others."""

from pathlib import Path

from tests.index.reading.test_freshness import Seen
from tests.packing import packed

RECORD = '{"id": "c", "text": "Sea."}'


def test_a_file_in_an_archive_is_followed_by_itself(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": "Tides turn.",
        "in.zip": packed({"b.md": "Cranes lift."}),
        "c.jsonl": RECORD,
    }
    (tmp_path / "box.zip").write_bytes(packed({**files, "d.md": "Fog."}))
    seen = Seen(tmp_path)
    names = ("box.zip/a.md", "box.zip/in.zip/b.md", "box.zip/c.jsonl/c", "box.zip/d.md")
    assert [seen.state(name) for name in names] == ["verified"] * 4
    (tmp_path / "box.zip").write_bytes(packed({**files, "a.md": "Tides rest.", "new.md": "New."}))
    assert [seen.state(name) for name in names] == ["changed", "verified", "verified", "gone"]
    (tmp_path / "box.zip").write_bytes(packed({**files, "in.zip": b"no archive", "c.jsonl": bytes(range(256)) * 4}))
    assert [seen.state(name) for name in names] == ["verified", "gone", "changed", "gone"]
    (tmp_path / "box.zip").unlink()
    assert [seen.state(name) for name in names] == ["gone"] * 4


def test_the_file_that_holds_an_article_stands_for_it_unless_it_has_to_be_alone(tmp_path: Path) -> None:
    (tmp_path / "box.zip").write_bytes(packed({"a.md": "Tides turn.", "c.jsonl": RECORD}))
    (tmp_path / "d.md").write_text("Fog.")
    seen = Seen(tmp_path)
    paths = {name: seen.freshness.path(article) for name, article in seen.articles.items()}
    assert paths == {"box.zip/a.md": tmp_path / "box.zip", "box.zip/c.jsonl/c": None, "d": tmp_path / "d.md"}
    alone = {name for name, article in seen.articles.items() if seen.freshness.path(article, alone=True)}
    assert alone == {"d"}
