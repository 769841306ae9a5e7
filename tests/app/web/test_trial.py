"""A visitor's own files over HTTP: uploaded, read with an account, asked alone, and gone."""

import io
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from app.trials.folder import MOST_BYTES, TrialsFolder
from app.web.middleware.body_limit import MAX_BODY
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import build_files
from tests.files import pdf
from tests.hashing import IDENTITY, HashingEncoder
from tests.web import chat_event, web_client

TEA = b"# Tea\n\nOolong tea is partly oxidised. It is steeped at 90 degrees.\n"
QUESTION = "At how many degrees is oolong tea steeped?"


@pytest.fixture
def client(searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with web_client(searcher, UPLOAD="1", EXAMPLES="Is lunar soil dry?", KEEP="tab") as client:
        yield client


def created(client: TestClient) -> str:
    token: str = client.post("/try/new", headers={"x-try": "new"}).json()["token"]
    return token


def send(client: TestClient, what: str, token: str, content: bytes = b"") -> tuple[int, dict[str, Any]]:
    response = client.post(f"/try/{what}", content=content, headers={"x-try": token})
    return response.status_code, response.json()


def indexed(client: TestClient, files: dict[str, bytes]) -> tuple[str, dict[str, Any]]:
    """The token of these files, and their status once it is final."""
    token = created(client)
    for name, content in files.items():
        assert send(client, f"files?name={name}", token, content)[0] == 200
    status = send(client, "begin", token)[1]
    while status["state"] not in ("ready", "failed"):
        time.sleep(0.05)
        status = send(client, "state", token)[1]
    return token, status


def test_files_are_read_with_an_account_and_can_be_asked_alone(client: TestClient, root: Path) -> None:
    before = build_files(root)
    token, status = indexed(client, {"tea.md": TEA, "picture.exe": b"MZ"})
    assert status["state"] == "ready"
    assert [(file["file"], file["read"], file["notes"]) for file in status["files"]] == [
        ("picture.exe", False, []),
        ("tea.md", True, ["skipped 1: Markdown marks and link addresses"]),
    ]
    assert status["files"][1]["characters"] - 1 == status["files"][1]["in_passages"]
    answer = client.post(f"/api/ask?try={token}", json={"question": QUESTION}).json()
    cited = answer["citations"] or answer["closest"]
    assert [(citation["article"], "90 degrees" in citation["quote"]) for citation in cited] == [("tea", True)]
    assert client.get(f"/api/facets?try={token}").json()["publishers"] == []
    assert len(client.get("/api/facets").json()["publishers"]) == 3
    assert build_files(root) == before


def test_the_pages_of_a_trial_keep_its_token_and_say_until_when(client: TestClient) -> None:
    token, status = indexed(client, {"tea.md": TEA})
    page = client.get(f"/?try={token}")
    assert "You are asking your own files. They are deleted at" in page.text
    assert f'datetime="{status["until"]}"' in page.text
    assert f'href="/articles?try={token}"' in page.text
    assert ("Is lunar soil dry?" in page.text, "data-keeps" in page.text) == (False, False)
    assert f'href="/articles/tea?try={token}"' in client.get(f"/articles?try={token}").text
    assert "Oolong" in client.get(f"/articles/tea?try={token}").text
    assert client.get(f"/articles/moon?try={token}").status_code == 404
    drawn = chat_event(client, "turn", [{"question": QUESTION}], query=f"?try={token}").json()["data"][0]
    assert f"&amp;try={token}#passage" in drawn["html"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    usual = client.get("/").text
    assert ('href="/try"' in usual, "Is lunar soil dry?" in usual, "data-keeps" in usual) == (True, True, True)


def test_deleted_files_are_gone_everywhere(client: TestClient, tmp_path: Path) -> None:
    token, _ = indexed(client, {"tea.md": TEA})
    assert client.post(f"/api/ask?try={token}", json={"question": QUESTION}).status_code == 200
    assert send(client, "delete", token) == (200, {})
    for page in (f"/?try={token}", f"/articles?try={token}", f"/articles/tea?try={token}"):
        response = client.get(page)
        assert (response.status_code, "These files are not here any more." in response.text) == (410, True)
        assert token not in response.text
    gone = {"error": "These files are not here any more."}
    assert client.post(f"/api/ask?try={token}", json={"question": QUESTION}).json() == gone
    assert send(client, "state", token) == (410, gone)
    drawn = chat_event(client, "turn", [{"question": QUESTION}], query=f"?try={token}").json()["data"][0]
    assert drawn["heard"] == "These files are not here any more."
    [folder] = tmp_path.glob("citewell-*")
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_another_worker_answers_for_the_same_token(client: TestClient, searcher: Searcher) -> None:
    token, _ = indexed(client, {"tea.md": TEA})
    with web_client(searcher, UPLOAD="1", TITLE="Another worker") as other:
        assert other.get(f"/articles/tea?try={token}").status_code == 200
        send(client, "delete", token)
        assert other.get(f"/articles/tea?try={token}").status_code == 410


def test_hostile_files_are_answered_with_the_sentence_of_the_reader(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    files = {
        "bomb.docx": packed.getvalue(),
        "huge.txt": b"a " * 6_000_000,
        "locked.pdf": pdf([["The harbour was dredged."]], locked=True),
    }
    _, status = indexed(client, files)
    assert (status["state"], status["problem"]) == ("failed", "unread")
    bomb, huge, locked = ([file["file"], *file["notes"]] for file in status["files"])
    assert bomb[0] == "bomb.docx"
    assert bomb[1].startswith("its 0.0 MB unpack to 30 MB in 1 parts: not opened.")
    assert huge == ["huge.txt", "12.0 MB is over the limit of 10 MB. Split the file, or raise --max-file-mb"]
    assert locked == ["locked.pdf", "encrypted: it opens with a password only. Save it without one"]
    _, status = indexed(client, {"tea.md": TEA, "locked.pdf": files["locked.pdf"]})
    assert status["state"] == "ready"
    assert [(file["read"], file["notes"][0][:9]) for file in status["files"]] == [
        (False, "encrypted"),
        (True, "skipped 1"),
    ]


def test_the_files_of_a_trial_have_a_limit_and_only_their_path_takes_large_bodies(client: TestClient) -> None:
    token, large = created(client), b"a" * (MAX_BODY + 1)
    assert send(client, "files?name=a.txt", token, large) == (200, {"files": 1})
    limit = {"error": "The files have over 30 MB together. Choose fewer."}
    assert send(client, "files?name=b.txt", token, b"b" * (MOST_BYTES - MAX_BODY)) == (413, limit)
    assert send(client, "files?name=c.txt", token, b"c") == (200, {"files": 2})
    assert [send(client, path, token, large)[0] for path in ("begin", "state")] == [413, 413]
    assert send(client, "begin", created(client)) == (422, {"error": "No file has been sent."})


def test_requests_of_other_pages_are_refused(client: TestClient) -> None:
    assert client.post("/try/new").status_code == 422
    crossing = {"x-try": "new", "sec-fetch-site": "cross-site"}
    assert client.post("/try/new", headers=crossing).status_code == 403
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options("/try/new", headers={**asked, "access-control-request-headers": "x-try"}).status_code == 400


def test_what_fails_while_it_is_indexed_is_said_and_harms_no_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.trials.indexing.build", full)
    token, status = indexed(client, {"tea.md": TEA})
    assert (status["state"], [file["file"] for file in status["files"]]) == ("failed", ["tea.md"])
    assert "No space left on device" in caplog.text
    assert token not in caplog.text
    assert client.get(f"/?try={token}").status_code == 410
    assert client.get("/").status_code == 200


def test_without_the_owner_s_leave_there_is_no_such_page(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    assert client.get("/try").status_code == 404
    assert client.post("/try/new", headers={"x-try": "new"}).status_code == 404
    assert client.post("/try/files", content=b"a" * (MAX_BODY + 1), headers={"x-try": "new"}).status_code == 413
    assert 'href="/try"' not in client.get("/").text
    assert client.get(f"/api/facets?try={'a' * 32}").json() == client.get("/api/facets").json()


def test_beside_an_index_in_a_database_a_trial_is_a_folder_too(
    database: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    where = open_location(database)
    build(folder, tmp_path / "index", IDENTITY, load=HashingEncoder)
    store = open_location(tmp_path / "index").open()
    where.replace(store.encoded(), store.manifest)
    with web_client(Searcher.open(where.open(), HashingEncoder), UPLOAD="1", INDEX=database) as client:
        token, status = indexed(client, {"tea.md": TEA})
        assert status["state"] == "ready"
        assert client.get(f"/articles/tea?try={token}").status_code == 200
        answer = client.post(f"/api/ask?try={token}", json={"question": QUESTION}).json()
        assert [citation["article"] for citation in answer["citations"] or answer["closest"]] == ["tea"]
        assert client.get("/articles/tea").status_code == 404


def test_the_folder_is_the_same_for_all_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert TrialsFolder.of(Settings()).root == TrialsFolder.of(Settings(workers=2)).root
    assert TrialsFolder.of(Settings()).root.parent == tmp_path
