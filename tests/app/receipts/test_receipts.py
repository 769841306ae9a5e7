"""Signed receipts: keys, the one form that is signed, and the check of signature and folder on the command line."""

import json
import stat
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.__main__ import main
from app.receipts.check import standing
from app.receipts.keys import PublicKey, Signer, make_key, read_key
from app.receipts.receipt import Receipt, SignedReceipt, signed
from index.passages.chunking import Passage
from index.search.searcher import Searcher
from tests.conftest import ARTICLES, write_articles

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
TIME = datetime(2026, 11, 29, 23, 5, 9, tzinfo=UTC)
KEY = str(SIGNER.public)
QUOTE = "Soil\nLunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024."


@pytest.fixture
def receipt(shared_searcher: Searcher) -> SignedReceipt:
    article = shared_searcher.articles.by_id("moon")
    assert article is not None
    return signed(Passage(article, 0, 82), "b1", SIGNER, TIME)


@pytest.fixture
def file(receipt: SignedReceipt, tmp_path: Path) -> Path:
    path = tmp_path / "receipt.json"
    path.write_text(receipt.model_dump_json(indent=1), "utf-8")
    return path


def verified(capsys: pytest.CaptureFixture[str], *options: object) -> tuple[int, str]:
    """Exit code of the command, and its last line."""
    code = main(["verify-receipt", *map(str, options)])
    out, err = capsys.readouterr()
    return code, (out + err).splitlines()[-1]


def test_a_receipt_says_what_stood_where_when_and_in_which_build(receipt: SignedReceipt) -> None:
    said = receipt.receipt
    assert (said.article, said.quote, said.start, said.end) == ("moon", QUOTE, 0, 82)
    assert (said.build, said.time, said.key) == ("b1", "2026-11-29T23:05:09Z", SIGNER.public.id)
    assert len(receipt.model_dump_json()) < 1_200


def test_the_form_that_is_signed_is_json_with_names_in_order_and_without_spaces(receipt: SignedReceipt) -> None:
    text = receipt.receipt.canonical().decode()
    assert text.startswith('{"article":"moon","build":"b1","end":82,"file_sha256":"')
    assert '"quote":"Soil\\nLunar soil is dry.' in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    odd = receipt.receipt.model_copy(update={"quote": '茶 "\\ \x07/\x7f'})
    assert '"quote":"茶 \\"\\\\ \\u0007/\x7f"' in odd.canonical().decode()  # as RFC 8785 escapes


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "key.pem"
    assert main(["keys", str(path)]) == 0
    printed = capsys.readouterr().out.strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(read_key(path).public) == printed
    before = path.read_bytes()
    assert main(["keys", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"error: {path} is there already, and a key is never overwritten. Name another file\n"
    )
    assert path.read_bytes() == before
    assert main(["keys", str(tmp_path / "none" / "key.pem")]) == 2
    assert "No such file or directory. Name a file in a folder of yours" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", KEY[8:], f"{KEY}!", "ssh-ed25519 AAAA"])
def test_what_is_no_public_key_is_told(text: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = verified(capsys, file, f"--key={text}")
    assert (code, said) == (2, f"error: {text!r} is no public key. It is the line that python -m app keys FILE prints")


def test_the_signature_holds_by_the_owner_s_key(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holds = (0, "the signature holds: the receipt is as the owner of this key signed it.")
    assert verified(capsys, file, "--key", KEY) == holds


def test_the_key_inside_a_receipt_proves_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = verified(capsys, file)
    assert code == 4
    assert said == (
        "the receipt fits the key inside it, which proves nothing about who signed it. Give the owner's: --key"
    )


def altered(file: Path, **fields: object) -> Path:
    said = json.loads(file.read_text("utf-8"))
    said["receipt"] |= fields
    file.write_text(json.dumps(said), "utf-8")
    return file


@pytest.mark.parametrize(
    "fields",
    [
        {"quote": "Lunar soil is wet."},
        {"start": 1},
        {"build": "b2"},
        {"time": "2025-11-29T23:05:09Z"},
        {"key": "0" * 32},
    ],
)
def test_an_altered_receipt_does_not_hold(
    fields: dict[str, object], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = "the signature does not hold: the receipt was altered, or signed with another key."
    assert verified(capsys, altered(file, **fields), "--key", KEY) == (1, broken)
    assert verified(capsys, file) == (1, broken)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"quote":', '"quote": "The moon is wet.", "quote":', "a name stands twice in it"),
        ('"version":1', '"version":1.0', "its version is written otherwise than as the number 1"),
        ('"version":1,', "", "its version is written otherwise than as the number 1"),
    ],
)
def test_what_readers_may_read_in_two_ways_is_no_receipt(
    before: str, after: str, said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(json.loads(file.read_text("utf-8")), separators=(",", ":"))
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    assert verified(capsys, file, "--key", KEY) == (2, f"error: this is no receipt: {said}")


def test_the_key_inside_has_to_be_the_one_that_signed(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = str(make_key(tmp_path / "other.pem").public)
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"public_key": other}), "utf-8")
    assert verified(capsys, file, "--key", KEY)[0] == 1


def test_somebody_else_s_signature_does_not_hold(
    shared_searcher: Searcher, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = shared_searcher.articles.by_id("moon")
    assert article is not None
    forged = signed(Passage(article, 0, 82), "b1", make_key(tmp_path / "other.pem"), TIME)
    file.write_text(forged.model_dump_json(), "utf-8")
    assert verified(capsys, file)[0] == 4
    assert verified(capsys, file, "--key", KEY)[0] == 1
    lying = json.loads(forged.model_dump_json()) | {"public_key": KEY}
    file.write_text(json.dumps(lying), "utf-8")
    assert verified(capsys, file)[0] == 1


def test_the_folder_is_asked_whether_the_article_still_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_articles(tmp_path / "articles", ARTICLES)
    asked: list[Any] = [file, "--key", KEY, "--folder", folder]
    assert verified(capsys, *asked) == (0, "the article is as it was, and says so.")
    moon = folder / "moon.md"
    moon.write_text(ARTICLES["moon.md"].replace("## Soil", "A line before.\n\n## Soil"), "utf-8")
    assert verified(capsys, *asked) == (0, "the article has changed since, and still says so.")
    moon.write_text(ARTICLES["moon.md"].replace("is dry", "is not dry"), "utf-8")
    assert verified(capsys, *asked) == (3, "the article is there, and no longer says so.")
    moon.unlink()
    assert verified(capsys, *asked) == (3, "the article is not in this folder any more.")
    assert verified(capsys, file, "--folder", tmp_path / "none")[0] == 2


def test_a_hash_in_a_receipt_of_a_stranger_is_no_proof_of_the_quote(
    file: Path, tmp_path: Path, shared_searcher: Searcher, capsys: pytest.CaptureFixture[str]
) -> None:
    """A signer can put the true hash of a file beside words that it does not hold."""
    article = shared_searcher.articles.by_id("moon")
    assert article is not None
    true = signed(Passage(article, 0, 82), "b1", SIGNER, TIME).receipt.model_copy(update={"quote": "Soil is wet."})
    lying = {**true.model_dump(), "key": SIGNER.public.id}
    signature = SIGNER.sign(true.canonical())
    whole = {"receipt": lying, "public_key": KEY, "signature": b64encode(signature).decode()}
    file.write_text(json.dumps(whole), "utf-8")
    folder = write_articles(tmp_path / "articles", ARTICLES)
    assert verified(capsys, file, "--folder", folder) == (3, "the article is there, and no longer says so.")


def test_articles_in_files_of_several_are_found_by_their_ids(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "many"
    write_articles(folder, {"all.jsonl": json.dumps({"id": "moon", "text": QUOTE}) + "\n", "other.md": "Other text."})
    said = json.loads(file.read_text("utf-8"))["receipt"]
    for article in ("all.jsonl/moon", "many/all.jsonl/moon"):
        assert standing(Receipt(**said | {"article": article}), folder) == "still"
    for article in ("all.jsonl/mars", "moon", "../many/all.jsonl/moon", "other"):
        assert standing(Receipt(**said | {"article": article}), folder) == (
            "otherwise" if article == "other" else "gone"
        )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "this is no receipt: Invalid JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "this is no receipt: Input should be an object"),
        ('{"receipt": {}}', "this is no receipt: receipt.article: Field required"),
    ],
)
def test_what_is_no_receipt_is_told(text: str, error: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.json"
    path.write_text(text, "utf-8")
    assert verified(capsys, path) == (2, f"error: {error}")
    assert verified(capsys, tmp_path / "none.json")[1].endswith("Name the file of a receipt")
    path.write_text(" " * 1_000_001, "utf-8")
    assert verified(capsys, path) == (2, f"error: {path} is over 1,000,000 bytes, and no receipt")


def test_fields_that_a_receipt_does_not_have_are_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys, altered(file, note="x")) == (
        2,
        "error: this is no receipt: receipt.note: Extra inputs are not permitted",
    )


def test_a_public_key_reads_what_it_writes() -> None:
    assert PublicKey.of(f" {KEY}\n") == SIGNER.public
    assert KEY == "ed25519:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="  # of RFC 8032's algorithm, by another program
