"""The original of an article that lies in another file."""

from pathlib import Path

from index.stores.builds.build import build
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.packing import packed
from tests.web import PEER, web_client


def test_of_a_file_in_an_archive_the_archive_is_given_unless_access_is_by_groups(tmp_path: Path) -> None:
    raw = packed({"a.md": "---\ngroups: [all]\n---\nThe Sun is hot.", "b.md": "---\ngroups: [few]\n---\nMars is red."})
    (tmp_path / "many").mkdir()
    (tmp_path / "many/sky.zip").write_bytes(raw)
    build(tmp_path / "many", tmp_path / "index", IDENTITY, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    response = web_client(searcher, SERVE_ORIGINALS="1").get("/originals/sky.zip/a.md")
    assert (response.content, response.headers["content-disposition"]) == (raw, 'attachment; filename="sky.zip"')
    grouped = {"SERVE_ORIGINALS": "1", "TRUSTED_PROXIES": PEER, "GROUPS_HEADER": "X-Remote-Groups"}
    client, headers = web_client(searcher, **grouped), {"X-Remote-Groups": "all"}
    assert client.get("/articles/sky.zip/a.md", headers=headers).status_code == 200
    assert client.get("/originals/sky.zip/a.md", headers=headers).status_code == 404
