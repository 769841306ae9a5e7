"""Old office files by LibreOffice: a stand-in for it, and itself where it is installed."""

import os
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import BadArticle, EmptyArticle, UserError
from index.reading.folder import read_folder
from index.reading.formats.adapters import adapted
from index.reading.formats.programs import Programs
from tests.conftest import write_articles
from tests.files import word
from tests.index.reading.formats.test_pptx import presentation, slide
from tests.index.reading.formats.test_xlsx import workbook
from tests.packing import packed

OLD = b"\xd0\xcf\x11\xe0" + bytes(60)
LIBREOFFICE = Programs(libreoffice=True)
SEEN = "The harbour was dredged."
LINKED = """<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:section text:name="a"><text:section-source xlink:href="{file}"/><text:p>Kept.</text:p></text:section>
<text:section text:name="b"><text:section-source xlink:href="{section}"/><text:p>Kept.</text:p></text:section>
<text:p>{text}<draw:frame><draw:image xlink:href="{image}"/></draw:frame></text:p>
</office:text></office:body></office:document>"""


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, action: str, made: bytes = b"") -> Path:
    """A `soffice` on the path; its `action` may use the target folder `$out` and the file `made` beside the program."""
    programs = folder / "programs"
    programs.mkdir(parents=True)
    (programs / "made").write_bytes(made or word([("Normal", SEEN)]))
    script = (
        f'#!/bin/sh\necho "$@" > {programs}/arguments\nenv > {programs}/environment\n'
        f'for a; do [ "$last" = --outdir ] && out="$a"; last="$a"; done\nmkdir -p "$out"\n{action}\n'
    )
    (programs / "soffice").write_text(script)
    (programs / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return programs


def test_an_old_file_is_converted_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = stand_in(tmp_path, monkeypatch, f'cp {tmp_path}/programs/made "$out/file.docx"')
    extract = adapted(".doc", OLD, LIBREOFFICE)
    assert extract
    assert ([text for _, text in extract.blocks], extract.notes) == ([SEEN], ["converted to .docx by LibreOffice"])
    arguments = (programs / "arguments").read_text()
    assert "--headless" in arguments
    assert "--convert-to docx" in arguments
    assert "http_proxy=http://127.0.0.1:9\n" in (programs / "environment").read_text()
    folder = Path(arguments.split("file://", 1)[1].split("/profile", 1)[0])
    assert not folder.exists()


@pytest.mark.parametrize(
    ("old", "made", "text"),
    [
        (".xls", workbook(rows=[["Port", "Ships"], ["Ostrey", 31]]), "Ports\nPort: Ostrey; Ships: 31"),
        (".ppt", presentation(lambda made: slide(made, SEEN)), SEEN),
    ],
)
def test_sheets_and_slides_are_converted_too_and_files_in_archives(
    old: str, made: bytes, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = stand_in(tmp_path / "x", monkeypatch, f'cp {tmp_path}/x/programs/made "$out/file{old}x"', made)
    (tmp_path / "a.zip").write_bytes(packed({f"in/b{old}": OLD}))
    folder = read_folder(tmp_path, programs=LIBREOFFICE)
    assert [(article.id, article.text) for article in folder.articles] == [(f"a.zip/in/b{old}", text)]
    assert f"--convert-to {old[1:]}x" in (programs / "arguments").read_text()
    said = f"converted to {old}x by LibreOffice"
    assert [(each.file, each.reason) for each in folder.problems] == [(f"a.zip/in/b{old}", said)]


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("exit 3", "soffice could not read it. Save the file anew with another program"),
        ("true", "no .doc that LibreOffice can convert. Save it as .docx with the program that made it"),
        ('ln -s /etc/passwd "$out/file.docx"', "no .doc that LibreOffice can convert. Save it as .docx with the "
         "program that made it"),
        ('echo no > "$out/file.docx"', "no Word document, or a damaged one: its archive cannot be opened. Open it in "
         "Word and save it again"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_converted_is_named(
    action: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, action)
    with pytest.raises(BadArticle) as caught:
        adapted(".doc", OLD, LIBREOFFICE)
    assert str(caught.value) == reason


def test_without_libreoffice_an_old_file_is_passed_over_and_named(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": SEEN})
    (tmp_path / "b.doc").write_bytes(OLD)
    folder = read_folder(tmp_path)
    assert [article.id for article in folder.articles] == ["a"]
    reason = "passed over: .doc is an old format. Save it as .docx, or let --libreoffice convert it"
    assert [(problem.file, problem.reason, problem.lost) for problem in folder.problems] == [("b.doc", reason, False)]
    with pytest.raises(EmptyArticle):
        adapted(".doc", OLD)


def test_libreoffice_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"\A--libreoffice needs LibreOffice, and there is no soffice\. Install it"):
        LIBREOFFICE.check()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_itself_converts_a_file_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            requests.append(str(self.client_address))

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        remote = f"http://127.0.0.1:{server.server_port}"
        links = {"image": f"{remote}/a.png", "section": f"{remote}/a.html", "file": f"{tmp_path.as_uri()}/secret.txt"}
        extract = adapted(
            ".doc", LINKED.format(text=SEEN, **links).encode(), LIBREOFFICE
        )  # it tells a kind by the bytes
        server.shutdown()
    assert extract
    assert ([text for _, text in extract.blocks], requests) == (["Kept.", "Kept.", SEEN], [])
