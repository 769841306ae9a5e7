"""Keys of signed receipts: an owner's private key in a file, and the public one as text."""

import os
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from index.errors import UserError

_KIND = "ed25519:"


class BadKey(UserError):
    """A file or a text is no key, or a key cannot be written."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its text begins with `ed25519:`, and its `id` is the beginning of its hash."""

    raw: bytes

    @classmethod
    def of(cls, text: str) -> "PublicKey":
        """The key of its text. Raises BadKey."""
        try:
            raw = b64decode(text.strip().removeprefix(_KIND), validate=True)
        except (Error, ValueError):
            raw = b""
        if not text.strip().startswith(_KIND) or len(raw) != 32:
            raise BadKey(f"{text[:80]!r} is no public key. It is the line that python -m app keys FILE prints")
        return cls(raw)

    def __str__(self) -> str:
        return _KIND + b64encode(self.raw).decode()

    @property
    def id(self) -> str:
        """The first half of the SHA-256 of the key, in hexadecimal."""
        return sha256(self.raw).hexdigest()[:32]

    def fits(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature of a message was made with the private key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""
        return self.private.sign(message)


def make_key(path: Path) -> Signer:
    """A new key, in a file that its owner alone can read. Raises BadKey, also for a file that is there already."""
    signer = Signer(Ed25519PrivateKey.generate())
    pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError as error:
        raise BadKey(f"{path} is there already, and a key is never overwritten. Name another file") from error
    except OSError as error:
        raise BadKey(f"cannot write {path}: {error.strerror}. Name a file in a folder of yours") from error
    return signer


def read_key(path: Path) -> Signer:
    """The key in a file. Raises BadKey."""
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise BadKey(f"cannot read the key {path}: {error.strerror}. Make one: python -m app keys FILE") from error
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(f"{path} holds no Ed25519 key without a password. Make one: python -m app keys FILE")
    return Signer(private)
