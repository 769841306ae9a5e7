"""E-mails written in tests, and what the examples of `eval` are packed with."""

from eval.files.packing import Fields, outlook, packed

__all__ = ["Fields", "e_mail", "outlook", "packed", "part"]


def e_mail(*parts: bytes, subject: str = "Dredging", kind: str = "mixed", head: str = "") -> bytes:
    """An e-mail of these parts, each with its own head."""
    lines = ["From: Maria Silva <maria@harbour.example>", "To: board@harbour.example", f"Subject: {subject}"]
    lines += ["Date: Mon, 12 Jan 2026 10:00:00 +0100", *([head] if head else []), "MIME-Version: 1.0"]
    edge = f"edge {len(subject)}"
    lines += [f'Content-Type: multipart/{kind}; boundary="{edge}"']
    body = b"".join(f"--{edge}\n".encode() + part + b"\n" for part in parts)
    return "\n".join(lines).encode() + b"\n\n" + body + f"--{edge}--\n".encode()


def part(kind: str, content: str | bytes, name: str = "") -> bytes:
    """A part of an e-mail; with a name it is an attachment."""
    raw = content.encode() if isinstance(content, str) else content
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: 8bit\n"
    head += f"Content-Disposition: attachment; filename*=utf-8''{name}\n" if name else ""
    return head.encode() + b"\n" + raw
