"""The commands `keys` and `verify-receipt`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.cli.runner import OK, as_sentence

if TYPE_CHECKING:
    from app.receipts.keys import PublicKey
    from app.receipts.receipt import SignedReceipt

ALTERED, OTHERWISE, UNPROVEN = 1, 3, 4  # exit codes beside those of all commands
_STANDINGS = {
    "same": "the article is as it was, and says so.",
    "still": "the article has changed since, and still says so.",
    "otherwise": "the article is there, and no longer says so.",
    "gone": "the article is not in this folder any more.",
}


def add_receipt_commands(commands: Any, say: Callable[[str], None]) -> None:
    """Add the commands to a parser's; `say` prints a line."""
    text = "make the private key that signs receipts, and print the public one"
    keys = commands.add_parser("keys", help=text, description=as_sentence(text))
    keys.add_argument("file", type=Path, help="file to make; an existing one is never overwritten")
    keys.set_defaults(run=lambda arguments: _keys(arguments.file, say))

    text = "check a signed receipt, without a server"
    verify = commands.add_parser("verify-receipt", help=text, description=as_sentence(text))
    verify.add_argument("file", type=Path, help="the receipt")
    verify.add_argument("--key", type=_key, metavar="PUBLIC", help="the owner's public key, as `keys` prints it")
    verify.add_argument("--folder", type=Path, help="folder of articles that is to say so still")
    verify.set_defaults(run=lambda arguments: _verify(arguments, say))


def _key(text: str) -> "PublicKey":
    from app.receipts.keys import PublicKey  # cryptography, which a question on the command line must not wait for

    return PublicKey.of(text)


def _keys(file: Path, say: Callable[[str], None]) -> int:
    from app.receipts.keys import make_key

    say(str(make_key(file).public))
    return OK


def _verify(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Check the signature, then the folder if there is one; returns the exit code. Raises BadReceipt or BadFolder."""
    found = _read(arguments.file)
    if not found.fits(arguments.key or _key(found.public_key)):
        say("the signature does not hold: the receipt was altered, or signed with another key.")
        return ALTERED
    receipt = found.receipt
    place = f"{receipt.article!r} from {receipt.start} to {receipt.end}"
    say(f"{receipt.time}, build {receipt.build!r}, {place}: {receipt.quote!r}")
    if arguments.key:
        say("the signature holds: the receipt is as the owner of this key signed it.")
    else:
        say("the receipt fits the key inside it, which proves nothing about who signed it. Give the owner's: --key")
    if arguments.folder:
        from app.receipts.check import standing

        how = standing(receipt, arguments.folder)
        say(_STANDINGS[how])
        if how in ("otherwise", "gone"):
            return OTHERWISE
    return OK if arguments.key else UNPROVEN


def _read(file: Path) -> "SignedReceipt":
    from app.receipts.receipt import MOST_BYTES, BadReceipt, read_receipt

    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadReceipt(f"cannot read {file}: {error.strerror}. Name the file of a receipt") from error
    if len(raw) > MOST_BYTES:
        raise BadReceipt(f"{file} is over {MOST_BYTES:,} bytes, and no receipt")
    return read_receipt(raw)
