"""The command line of the index, with the default encoder: what it prints, and how it ends."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.__main__ import main
from index.encoder.model_files import DEFAULT_MODEL
from index.errors import REBUILD
from index.ingestion.manifest import read_manifest
from index.stores.builds.directory import live_build, open_live
from tests.conftest import ARTICLES, COVERED, write_articles

pytestmark = pytest.mark.slow
QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SKIPPED = "skipped 314 (front matter 308, Markdown marks and link addresses 6)"
COVERAGE = f"files read 3, lost 0; characters 555, in passages 241, {SKIPPED}, lost 0"
UNKNOWN = "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8"
SOIL = "Soil\nLunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024."
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `made` was made of."""
    return write_articles(tmp_path_factory.mktemp("made") / "articles", ARTICLES)


@pytest.fixture(scope="module")
def made(articles: Path) -> Path:
    """An index made by the command line; not to be changed."""
    assert main(["build", str(articles), "--index", str(articles.parent / "index")]) == 0
    return articles.parent / "index"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """The same index, to be changed."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


def test_building_says_what_was_made_and_a_second_time_that_it_is_current(
    articles: Path, tmp_path: Path, capsys: Capture
) -> None:
    command = ["build", str(articles), "--index", str(tmp_path / "i")]

    assert main(command) == 0
    name = live_build(tmp_path / "i").name
    built = f"{tmp_path / 'i'} built 3 articles, 4 passages (build {name})\nencoded 4 of 4 passages\n{COVERAGE}\n"
    assert capsys.readouterr() == (built, "")  # no terminal: no bar
    assert main(command) == 0
    current = f"{tmp_path / 'i'} is current: 3 articles, 4 passages (build {name})\n{COVERAGE}\n"
    assert capsys.readouterr() == (current, "")


def test_building_as_json_gives_the_report(articles: Path, copy: Path, capsys: Capture) -> None:
    report = {
        "build": live_build(copy).name,
        "changed": False,
        "counts": {"articles": 3, "passages": 4, "sentences": 9},
        "problems": [],
        "ignored": 0,
        "origins": {"encoded": 0, "repeated": 0, "reused": 0, "resumed": 0},
        "notes": [],
        "lost": 0,
        "coverage": COVERED,
    }
    assert main(["build", str(articles), "--index", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report
    assert main(["build", str(articles), "--index", str(copy), "--json", "--force"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        **report,
        "changed": True,
        "origins": {"encoded": 4, "repeated": 0, "reused": 0, "resumed": 0},
    }


def test_files_that_are_lost_are_listed_and_the_user_must_act(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    (folder / "old.txt").write_bytes(bytes(range(90, 190)))
    (folder / "long.txt").write_text("word " * 40_000, "utf-8")
    (folder / "empty.md").touch()
    (folder / "picture.png").touch()
    command = ["build", str(folder), "--index", str(tmp_path / "i"), "--max-file-mb", "0.1", "--json"]

    assert main(command) == 2
    output, errors = capsys.readouterr()
    assert errors.splitlines() == [
        "note: empty.md: empty: there is nothing to index",
        "not indexed: long.txt: 0.2 MB is over the limit of 0.1 MB. Split the file, or raise --max-file-mb",
        f"not indexed: old.txt: {UNKNOWN}",
        "note: files of other kinds passed over: 1",
        "error: files not in the index: 2. Mend them and build again",
    ]
    report = json.loads(output)
    assert (report["counts"]["articles"], report["lost"], report["ignored"]) == (3, 2, 1)
    assert report["problems"][0] == {
        "file": "empty.md",
        "reason": "empty: there is nothing to index",
        "lost": False,
    }


def test_prefixes_are_kept_in_the_index(articles: Path, tmp_path: Path) -> None:
    prefixes = ["--question-prefix", "query: ", "--passage-prefix", "passage: ", "--model", DEFAULT_MODEL]

    assert main(["build", str(articles), "--index", str(tmp_path / "i"), *prefixes]) == 0
    identity = open_live(tmp_path / "i", read_manifest).identity
    assert (identity.question_prefix, identity.passage_prefix) == ("query: ", "passage: ")


def test_searching_prints_passages_with_their_best_sentence(made: Path, capsys: Capture) -> None:
    assert main(["search", QUESTION, "--index", str(made), "-k", "1"]) == 0
    first, rest = capsys.readouterr().out.split("\n", 1)
    assert first.startswith("1. The Moon: soil and seas  [moon:0-82]  score ")
    assert float(first.rsplit(" ", 1)[1]) == pytest.approx(0.617, abs=0.01)  # processors differ in their last digits
    assert rest == (
        "   » A probe brought 1,935.3 grams of it to Earth in June 2024.\n"
        "   Soil Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024.\n\n"
    )


def test_searching_as_json_prints_every_field(made: Path, capsys: Capture) -> None:
    assert main(["search", QUESTION, "--index", str(made), "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)

    signals = hits[0].pop("signals")
    assert hits[0] == {
        "article": "moon",
        "start": 0,
        "end": 82,
        "text": SOIL,
        "best_sentence": {"start": 24, "end": 82, "text": SOIL[24:]},
        "answer": [{"start": 40, "end": 53, "text": "1,935.3 grams"}],
        "score": pytest.approx(0.617, abs=0.01),
    }
    assert sorted(signals) == ["bm25", "contrast", "coverage", "missing", "passage", "sentence"]
    assert [hit["article"] for hit in hits].count("moon") == 2
    assert len(hits) == 4


def test_an_empty_question_is_refused(made: Path, capsys: Capture) -> None:
    assert main(["search", " ", "--index", str(made)]) == 2
    assert capsys.readouterr().err == "error: the question is empty. Ask in plain words\n"


def test_info_says_what_the_index_holds(articles: Path, made: Path, capsys: Capture) -> None:
    assert main(["info", "--index", str(made), "--json"]) == 0
    info = json.loads(capsys.readouterr().out)
    kept = {"build": info["build"], "live": True, "created": info["created"], "articles": 3, "passages": 4}
    assert info.pop("kept") == [kept]
    created = datetime.fromisoformat(info.pop("created"))
    age = info.pop("age_seconds")
    assert 0 <= age <= (datetime.now(UTC) - created).total_seconds()
    facets = info.pop("facets")
    assert facets["publishers"][0] == {"name": "Garden Notes", "count": 2}
    assert (facets["first"], facets["last"]) == ("2022", "2024-06-25")
    size = sum(path.stat().st_size for path in live_build(made).rglob("*") if path.is_file())
    assert info == {
        "build": live_build(made).name,
        "folder": str(articles),
        "articles": 3,
        "ungrouped": 3,
        "passages": 4,
        "sentences": 9,
        "encoder": DEFAULT_MODEL,
        "weights_sha256": WEIGHTS,
        "dimension": 384,
        "vectors": "SQfp16",
        "keywords": "BM25",
        "certificate": None,
        "bytes": size - (live_build(made) / "manifest.json").stat().st_size,
    }
    assert main(["info", "--index", str(made)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [lines[0], lines[4]] == [f"build           {live_build(made).name}", "passages        4"]
    assert lines[14:-1] == [
        "certificate     none. Make one: python -m eval calibrate",
        "published       2022 to 2024-06-25",
        "publishers      Garden Notes 2; Night Sky Notes 1; Space Agency 1",
        "languages       en 1; zh 1",
        "folders         garden 1; zh 1",
    ]


def test_verify_names_an_altered_file_and_the_command_that_mends_it_does(
    articles: Path, copy: Path, capsys: Capture
) -> None:
    build = live_build(copy)
    assert main(["verify", "--index", str(copy)]) == 0
    assert capsys.readouterr().out == f"build {build.name}: all of it is as it was written, and so is the reader\n"
    path = build / "texts.txt"
    path.write_bytes(path.read_bytes().replace(b"1,935.3", b"9,999.9"))
    assert main(["verify", "--index", str(copy)]) == 2
    assert capsys.readouterr().err == (
        f"error: {path} is missing or altered\n"
        f"error: build {build.name} is damaged. Rebuild it: python -m index build FOLDER --index INDEX --force\n"
    )
    assert main(["build", str(articles), "--index", str(copy), "--force"]) == 0
    assert main(["verify", "--index", str(copy)]) == 0


READERS = [["search", QUESTION], ["info"], ["verify"]]


@pytest.mark.parametrize("command", READERS)
def test_a_missing_index_is_one_sentence_with_the_command_that_makes_it(
    command: list[str], tmp_path: Path, capsys: Capture
) -> None:
    root = tmp_path / "none"

    assert main([*command, "--index", str(root)]) == 2
    assert capsys.readouterr() == (
        "",
        f"error: no index at {root}. Make one: python -m index build FOLDER --index {root}\n",
    )


@pytest.mark.parametrize("command", READERS)
def test_an_index_of_another_format_is_refused(command: list[str], copy: Path, capsys: Capture) -> None:
    path = live_build(copy) / "manifest.json"
    path.write_text(re.sub('"format": [0-9]+', '"format": 99', path.read_text("utf-8")), "utf-8")

    assert main([*command, "--index", str(copy)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {path.parent} is of index format 99; this program reads format ")


def test_an_index_of_another_encoder_is_refused(copy: Path, capsys: Capture) -> None:
    path = live_build(copy) / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(WEIGHTS, "0" * 64), "utf-8")

    assert main(["search", QUESTION, "--index", str(copy)]) == 2
    assert capsys.readouterr().err == (
        "error: the index was built with all-MiniLM-L6-v2 of sha256 000000000000…, but the weights here have "
        "53aa51172d14…. Rebuild it: python -m index build FOLDER --index INDEX\n"
    )


@pytest.mark.parametrize("command", READERS[:2])
def test_a_damaged_index_is_one_sentence(command: list[str], copy: Path, capsys: Capture) -> None:
    path = live_build(copy) / "vectors.faiss"
    path.write_bytes(b"cut")

    assert main([*command, "--index", str(copy)]) == 2
    assert re.fullmatch(rf"error: {path} has 3 bytes, not \d+\. {REBUILD}\n", capsys.readouterr().err)
