"""A folder with one of everything: what `python -m index check` says of each file, and how it ends."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.errors import BadFolder
from index.ingestion.check import Check, check_folder, table
from index.ingestion.coverage import account
from index.ingestion.manifest import Coverage
from index.passages.chunking import Chunk
from index.reading.folder import read_folder
from tests.conftest import ARTICLES, write_articles
from tests.files import DREDGED, pdf, word
from tests.hashing import HashingEncoder
from tests.newspages import AGENCY

Capture = pytest.CaptureFixture[str]

SAID = """\
read format encoding   characters in passages   lost  found  file
no   md                         0           0      0  ----   broken.md
       not read: broken front matter (line 2): mapping values are not allowed here. Mend the YAML between the two --- lines
part jsonl  utf-8              15          14      0  T---   many.jsonl
       not read: line 2: no JSON object with a "text". Write {"title": "…", "text": "…"}
       skipped 1: Markdown marks and link addresses
       many.jsonl/tea: same text as tea.txt
yes  docx                      26          26      0  T---   minutes.docx
no   pdf                        0           0      0  ----   nothing.pdf
       not read: no text on its pages (1): scanned? Run text recognition (OCR) on it first
yes  html   utf-8             302         230      0  TPDL   page.html
       skipped 72: navigation, forms and the like
yes  pdf                      124         124      0  ---L   report.pdf
       page 2 has no text (a picture: scanned?)
yes  txt    cp1252?            14          14      0  ----   short.txt
       read as cp1252, which is doubtful. Look at its text, or convert the file to UTF-8
yes  txt    utf-8               9           9      0  ----   tea.txt
       same text as many.jsonl/tea
files read 6, lost 3; characters 490, in passages 417, skipped 73 (navigation, forms and the like 72, Markdown marks and link addresses 1), lost 0
articles that name no group: 7 of 7
files of other kinds passed over: 1 (.png 1)
"""  # noqa: E501 - a table


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """A folder with one file of each kind of trouble."""
    folder = write_articles(
        tmp_path / "everything",
        {
            "broken.md": "---\na: b: c\n---\nText.",
            "many.jsonl": '{"id": "tea", "title": "T", "text": "Tea is dry."}\n[]\n{"title": "B", "text": "# Bees."}',
            "page.html": AGENCY,
            "tea.txt": "Tea is dry.",
            "picture.png": "x",
        },
    )
    (folder / "report.pdf").write_bytes(pdf([DREDGED, ["[picture]"]]))
    (folder / "nothing.pdf").write_bytes(pdf([["[picture]"]]))
    minutes = word([("Heading 1", "Harbour")], [["Year", "Depth"], ["2024", "8"], ["2025", "9"]])
    (folder / "minutes.docx").write_bytes(minutes)
    (folder / "short.txt").write_bytes(b"A caf\xe9 by the sea.")
    return folder


def checked(folder: Path) -> Check:
    return check_folder(folder, HashingEncoder())


def test_every_file_is_accounted_for(everything: Path) -> None:
    assert "\n".join(table(checked(everything))) + "\n" == SAID


def test_the_command_prints_the_same_and_ends_with_2_where_text_is_lost(everything: Path, capsys: Capture) -> None:
    assert main(["check", str(everything)]) == 2
    assert capsys.readouterr() == (SAID, "error: text is lost. Mend what is named above\n")


def test_a_folder_of_which_nothing_is_lost_ends_with_0(tmp_path: Path, capsys: Capture) -> None:
    folder = write_articles(tmp_path / "articles", ARTICLES)
    assert main(["check", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["whole"], said["ignored"], said["ungrouped"]) == (True, 0, 3)
    assert said["coverage"]["in_passages"] == 241
    assert said["files"][0] == {
        "file": "garden/bees.md",
        "read": True,
        "format": "md",
        "encoding": "utf-8",
        "doubtful": False,
        "characters": 159,
        "in_passages": 83,
        "lost": 0,
        "pages": 0,
        "blank_pages": {},
        "problems": [],
        "notes": [],
        "skipped": {"front matter": 74, "Markdown marks and link addresses": 2},
        "articles": [
            {
                "id": "garden/bees",
                "title": "Bees in the garden",
                "publisher": "Garden Notes",
                "published": "2023-04-01",
                "language": "",
                "same_as": "",
                "similarity": 0.0,
                "groups": [],
            }
        ],
    }


def test_a_superseded_article_that_there_is_not_and_a_last_day_that_is_no_date_are_told(tmp_path: Path) -> None:
    head = "---\ntitle: Rules\nsupersedes: [rules/2023, rules/2022]\nvalid_until: soon\n---\nShut the gate.\n"
    folder = write_articles(tmp_path, {"rules/2024.md": head, "rules/2023.md": "Mind the gate.\n"})
    notes = {file.file: file.notes for file in checked(folder).files}
    assert notes == {
        "rules/2023.md": [],
        "rules/2024.md": [
            "valid_until 'soon' is not a date (YYYY-MM-DD); left out",
            "supersedes 'rules/2022', which is the id or title of no other article",
        ],
    }


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="no articles in"):
        checked(tmp_path)


def test_text_between_passages_is_lost(tmp_path: Path) -> None:
    [reading] = read_folder(write_articles(tmp_path, {"a.txt": "One. Two. Three."})).readings
    whole = account(reading, [Chunk((0, 16), ((0, 16),))])
    holed = account(reading, [Chunk((0, 4), ((0, 4),)), Chunk((10, 16), ((10, 16),))])
    assert (whole.in_passages, whole.lost) == (14, 0)
    assert (holed.in_passages, holed.lost) == (10, 4)


def test_lost_characters_alone_are_a_reason_to_act(everything: Path) -> None:
    coverage = Coverage(1, 0, 1, 10, 9, {}, 1)
    assert not Check([], coverage, 0).is_whole
