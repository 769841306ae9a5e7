"""Arguments of the index's command line, right and wrong."""

from pathlib import Path

import pytest

from index.__main__ import main
from index.errors import UserError
from index.reading.formats.adapters import SUFFIXES

KINDS = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (
            "build",
            "FOLDER --index --model --question-prefix --passage-prefix --libreoffice --ocr --max-file-mb --force "
            "--wait --json source_texts",
        ),
        ("search", "question -k --since --until --publisher --language --folder --index --json"),
        ("check", "FOLDER --model --libreoffice --ocr --max-file-mb --json source_texts"),
        ("info", "--index --json"),
        ("verify", "--index"),
        ("rollback", "--index --json"),
    ],
)
def test_help_names_every_option(command: str, options: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert text.startswith(f"usage: python -m index {command} ")
    assert [option for option in options.split() if option.lower() not in text] == []


def test_help_names_every_command(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    assert "build|check|search|copy|join|info|verify|rollback" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ([], "the following arguments are required: build|check|search|copy|join|info|verify|rollback"),
        (["seek"], "invalid choice: 'seek'"),
        (["search"], "the following arguments are required: question"),
        (["search", "moon", "-k", "0"], "argument -k: '0' is not a number from 1 to 100"),
        (["search", "moon", "-k", "101"], "argument -k: '101' is not a number from 1 to 100"),
        (["search", "moon", "-k", "1.5"], "argument -k: '1.5' is not a number from 1 to 100"),
        (["search", "moon", "-k=-1"], "argument -k: '-1' is not a number from 1 to 100"),
        (["search", "moon", "-k", "²"], "argument -k: '²' is not a number from 1 to 100"),
        (["build", "--max-file-mb", "ten"], "argument --max-file-mb: 'ten' is not a number of megabytes"),
        (["build", "--max-file-mb", "0"], "argument --max-file-mb: '0' is not a number of megabytes"),
        (["build", "--max-file-mb", "inf"], "argument --max-file-mb: 'inf' is not a number of megabytes"),
        (["build", "--max-file-mb", "nan"], "argument --max-file-mb: 'nan' is not a number of megabytes"),
        (["build", "--wait", "soon"], "argument --wait: 'soon' is not a number from 0 to 86400"),
        (["build", "--wait", "86401"], "argument --wait: '86401' is not a number from 0 to 86400"),
        (["build", "--max-file-mb=-1"], "argument --max-file-mb: '-1' is not a number of megabytes"),
    ],
)
def test_a_wrong_argument_is_named_and_ends_with_2(command: list[str], complaint: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)

    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UserError("no moon. Look up"), "error: no moon. Look up\n"),
        (KeyboardInterrupt(), "stopped\n"),
    ],
)
def test_what_a_person_can_mend_is_said_without_a_traceback(
    error: BaseException, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("index.__main__.identify", fail)
    assert main(["build", str(tmp_path)]) == 2
    assert capsys.readouterr() == ("", said)


def test_a_bug_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("index.__main__.identify", fail)
    with pytest.raises(ZeroDivisionError):
        main(["build", str(tmp_path)])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{}/none"], "{}/none does not exist. Name a folder of articles: python -m index build FOLDER"),
        (["{}"], f"no articles in {{}}. Put {KINDS} files there and build again"),
        (["{}", "--model", "nobody/none"], "no model 'nobody/none': not a folder, and the model hub did not give it ("),
        (["{}", "--model", "{}"], "{} holds no weights (*.safetensors or pytorch_model*.bin). Name a "),
    ],
)
def test_what_cannot_be_built_is_one_sentence(arguments: list[str], said: str, tmp_path: Path, capsys: Capture) -> None:
    given = [argument.format(tmp_path) for argument in arguments]

    assert main(["build", *given, "--index", str(tmp_path / "i")]) == 2
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith(f"error: {said.format(tmp_path)}")
    assert error.count("\n") == 1
    assert not (tmp_path / "i").exists()
