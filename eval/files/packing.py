"""Files that hold others, written without the programs that they are of: archives, documents, e-mails of Outlook."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeAlias

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {name: name for name in ("office", "style", "text", "table")}
_SPACES |= {"draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"}
ODF_NAMES = " ".join(f'xmlns:{short}="{_ODF}:{space}:1.0"' for short, space in _SPACES.items())


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """An archive with these files, and without the time at which it is written."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def opendocument(body: str, kind: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """An OpenDocument file with this body and these styles; `parts` are more of its parts, without their ending."""
    root = "office:document-content"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    inner = f"{automatic}<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f"<{root} {ODF_NAMES}>{inner}</{root}>"
    return packed({f"{name}.xml": text for name, text in {"content": content, **(parts or {})}.items()})


Fields: TypeAlias = Mapping[int, str | bytes | int | datetime]


def outlook(fields: Fields, attachments: Sequence[Fields] = ()) -> bytes:
    """An e-mail of Outlook with these properties by their numbers, and attachments with theirs."""
    root = _storage(fields, 32, len(attachments))
    for number, attachment in enumerate(attachments):
        root[f"__attach_version1.0_#{number:08X}"] = _storage(attachment, 8, 0)
    return _compound(root)


def _storage(fields: Fields, head: int, attachments: int) -> dict[str, object]:
    rows, streams = b"", dict[str, object]()
    for number, value in fields.items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            rows += struct.pack("<HHIQ", 0x40, number, 6, ticks)
        elif isinstance(value, int):
            rows += struct.pack("<HHIII", 0x03, number, 6, value, 0)
        else:
            kind, raw = (0x1F, value.encode("utf-16-le")) if isinstance(value, str) else (0x102, value)
            rows += struct.pack("<HHIII", kind, number, 6, len(raw), 0)
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = raw
    start = struct.pack("<8x4I", 0, attachments, 0, attachments).ljust(head, b"\0")[:head]
    return {"__properties_version1.0": start + rows, **streams}


_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


class _Compound:
    """A compound file: sectors of 512 bytes, of 64 for small streams, tables of which follows which, a directory."""

    def __init__(self) -> None:
        self.sectors, self.small = bytearray(), bytearray()
        self.table, self.small_table = list[int](), list[int]()
        self.entries: list[tuple[str, int, int, int, int]] = []  # name, kind, first child, start and size
        self.next: dict[int, int] = {}  # the sibling of an entry

    def add(self, name: str, content: object) -> int:
        row = len(self.entries)
        self.entries.append((name, 1, _FREE, 0, 0))
        if isinstance(content, Mapping):
            rows = [self.add(child, content[child]) for child in sorted(content, key=lambda name: (len(name), name))]
            self.next.update(pairwise(rows))
            self.entries[row] = (name, 1, rows[0], 0, 0)
        elif isinstance(content, bytes):
            is_small = len(content) < 4096
            start = _stored(self.small, self.small_table, content, 64) if is_small else self.stored(content)
            self.entries[row] = (name, 2, _FREE, start, len(content))
        return row

    def stored(self, raw: bytes) -> int:
        return _stored(self.sectors, self.table, raw, 512)

    def directory(self) -> bytes:
        rows = b""
        for row, (name, kind, child, start, size) in enumerate(self.entries):
            written = name.encode("utf-16-le")
            links = (_FREE, self.next.get(row, _FREE), child)
            rows += written.ljust(64, b"\0") + struct.pack("<HBB3I", len(written) + 2, kind, 1, *links)
            rows += bytes(36) + struct.pack("<IQ", start, size)
        return rows


def _stored(sectors: bytearray, table: list[int], raw: bytes, size: int) -> int:
    """Append a stream to the sectors; returns the number of its first one."""
    first = len(table)
    count = -(-len(raw) // size)
    sectors += raw.ljust(count * size, b"\0")
    table += [*range(first + 1, first + count), _END][:count]
    return first if count else _END


def _compound(root: Mapping[str, object]) -> bytes:
    file = _Compound()
    file.add("Root Entry", root)
    first, size = file.stored(bytes(file.small)), len(file.small)
    file.entries[0] = ("Root Entry", 5, file.entries[0][2], first, size)
    small = struct.pack(f"<{len(file.small_table)}I", *file.small_table)
    small += b"\xff" * (-len(small) % 512)
    small_at, directory = file.stored(small), file.stored(file.directory())
    count = next(n for n in range(1, 110) if 128 * n >= len(file.table) + n)
    tables_at = len(file.table)
    rows = [*file.table, *[_FAT] * count]
    table = struct.pack(f"<{128 * count}I", *rows, *[_FREE] * (128 * count - len(rows)))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, count, directory, 0, 4096, small_at, len(small) // 512, _END, 0)
    header += struct.pack("<109I", *[tables_at + n if n < count else _FREE for n in range(109)])
    return header + bytes(file.sectors) + table
