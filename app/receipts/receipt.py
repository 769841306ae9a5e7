"""A receipt: what an article said, when, in which build; and its signature over one exact form of it."""

import json
from base64 import b64decode, b64encode
from binascii import Error
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.receipts.keys import PublicKey, Signer
from index.errors import UserError
from index.passages.chunking import Passage

MOST_BYTES = 1_000_000  # of a file that is read as a receipt
_Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Offset = Annotated[int, Field(ge=0, le=2**31 - 1)]


class BadReceipt(UserError):
    """A file is no receipt."""


class Receipt(BaseModel):
    """The statement that `text[start:end]` of an article was `quote`.

    `file_sha256` is the hash of the article's file as it was indexed, or of its record in a file of several;
    `text_sha256` that of its text in UTF-8. `time` is in UTC, and `key` the id of the key that signs.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    version: Literal[1] = 1
    article: str
    title: str
    publisher: str
    published: str
    url: str
    file_sha256: _Hash
    text_sha256: _Hash
    start: _Offset
    end: _Offset
    quote: str
    build: str
    time: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    key: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]

    def canonical(self) -> bytes:
        """The bytes that are signed: JSON as RFC 8785 has it, with names in order, without spaces, in UTF-8."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class SignedReceipt(BaseModel):
    """A receipt with its signature, and the public key that fits; the key alone proves nothing about who signed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    receipt: Receipt
    public_key: str
    signature: str

    def fits(self, key: PublicKey) -> bool:
        """Whether the receipt was signed with this key, names it, and is as it was."""
        named = self.receipt.key == key.id and self.public_key == str(key)
        return named and key.fits(b64decode(self.signature), self.receipt.canonical())


def signed(passage: Passage, build: str, signer: Signer, time: datetime) -> SignedReceipt:
    """The signed receipt of a passage."""
    article, public = passage.article, signer.public
    receipt = Receipt(
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        file_sha256=article.sha256,
        text_sha256=sha256(article.text.encode()).hexdigest(),
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        build=build,
        time=time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        key=public.id,
    )
    signature = b64encode(signer.sign(receipt.canonical())).decode()
    return SignedReceipt(receipt=receipt, public_key=str(public), signature=signature)


def read_receipt(raw: bytes) -> SignedReceipt:
    """The signed receipt in the bytes of a file, which can be read in one way alone. Raises BadReceipt."""
    try:
        found = SignedReceipt.model_validate_json(raw)
        b64decode(found.signature, validate=True)
        written = json.loads(raw, object_pairs_hook=_unique)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(map(str, wrong["loc"]))
        raise BadReceipt(f"this is no receipt: {f'{place}: ' if place else ''}{wrong['msg']}") from error
    except Error as error:
        raise BadReceipt("this is no receipt: its signature is not in base64") from error
    except ValueError as error:
        raise BadReceipt(f"this is no receipt: {error}") from error
    if json.dumps(written, sort_keys=True) != json.dumps(found.model_dump(), sort_keys=True):
        raise BadReceipt("this is no receipt: its version is written otherwise than as the number 1")
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object of these pairs. Raises ValueError for a name that stands twice, as readers differ on which counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in it")
    return found
