"""Quoted replies and signatures of e-mails, which are folded: left out and counted."""

import re
from collections import Counter
from typing import Any

from lxml import etree

from index.articles.article import visible
from index.reading.formats.webtree import parsed, remove

QUOTED, SIGNATURE = "quoted replies", "signatures"
_LONGEST_SIGNATURE = 40  # lines; after more, the mark has stood between two parts of a text
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|转发)\s*[:：]", re.IGNORECASE)
_FORWARD_MARK = re.compile(r"(?<!-)-{3,}+\s*+(?:forwarded|weitergeleitete|transféré|reenviado|转发)", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"\s*-{3,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|原始邮件)\s*-{3,}\s*",
    re.IGNORECASE,
)
_LABELS = re.compile(  # of the head that Outlook puts above the e-mail that is answered
    r"\*?(?:from|von|de|发件人)\s*\*?[:：].*\n(?:\*?[\w ]{2,20}\*?[:：].*\n(?:[ \t]+\S.*\n)?){2,}", re.IGNORECASE
)
_SUBJECT = re.compile(r"^\*?(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|主题)\s*\*?[:：]", re.I | re.M)
_INTRODUCES = re.compile(r"(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|写道)[^:：]*[:：]\s*\Z")
_WRAPPED = re.compile(r"[@\d].*[^.!?:：。！？\s]\s*\Z")  # "On 5 January 2026, A <a@b.example>" before "wrote:"
_CITES = (
    ".//blockquote[@type='cite'] | .//*[contains(@class, 'gmail_quote') or contains(@class, 'moz-cite-prefix')"
    " or contains(@class, 'yahoo_quoted') or @id='divRplyFwdMsg' or @id='appendonsend']"
    " | .//*[@id='divRplyFwdMsg' or @id='appendonsend']/following-sibling::*"
)
_SIGNS = ".//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature') or @id='Signature']"


def is_forwarded(subject: str, text: str) -> bool:
    """Whether an e-mail passes another on, whose text is then no quotation."""
    return bool(_FORWARDED.match(subject) or _FORWARD_MARK.search(text))


def folded_text(text: str, *, forwarded: bool) -> tuple[str, Counter[str]]:
    """A plain text without quotations and signature, and their visible characters by reason; whole if no other text."""
    kinds = _kinds(text.split("\n"), _start_of_original(text, forwarded=forwarded))
    lines = list(zip(text.split("\n"), kinds, strict=True))
    kept = "\n".join(line for line, kind in lines if not kind)
    if not visible(kept):
        return text, Counter()
    counts = Counter[str]()
    for line, kind in lines:
        counts.update({kind: visible(line)} if kind else {})
    return kept, counts


def folded_page(source: str, *, forwarded: bool) -> tuple[str, Counter[str]]:
    """The same for a text in HTML, of which the body comes back."""
    tree = parsed(source)
    body = tree.find("body") if tree.find("body") is not None else tree
    etree.strip_elements(body, "style", "script", with_tail=False)
    whole = _piece(body)
    skipped = Counter({SIGNATURE: remove(body, body.xpath(_SIGNS))})
    skipped[QUOTED] = 0 if forwarded else remove(body, body.xpath(_CITES))
    return (_piece(body), skipped) if visible("".join(body.itertext())) else (whole, Counter())


def _piece(body: Any) -> str:
    body.tag = "div"
    return str(etree.tostring(body, encoding="unicode", method="html", with_tail=False))


def _start_of_original(text: str, *, forwarded: bool) -> int:
    """The line at which an e-mail begins that stands in full below its answer; none is behind the last."""
    lines = text.split("\n")
    if forwarded:
        return len(lines)
    for number, line in enumerate(lines):
        if _ORIGINAL.fullmatch(line) or _is_head(lines, number):
            return number
    return len(lines)


def _is_head(lines: list[str], number: int) -> bool:
    head = _LABELS.match("\n".join([*lines[number : number + 8], ""]))
    return head is not None and _SUBJECT.search(head[0]) is not None


def _kinds(lines: list[str], original: int) -> list[str]:
    """The reason for which each line is left out, empty for one that is kept."""
    kinds, signed = [""] * len(lines), False
    for number, line in enumerate(lines):
        if number >= original or (line.startswith(">") and not line.startswith(">From ")):
            kinds[number], signed = QUOTED, False
            if (number and not kinds[number - 1]) or (number > 1 and not visible(lines[number - 1])):
                _introduce(lines, kinds, number)
        elif signed or line.rstrip() == "--":
            kinds[number], signed = SIGNATURE, True
    is_long = kinds.count(SIGNATURE) > _LONGEST_SIGNATURE
    return [kind if kind != SIGNATURE or not is_long else "" for kind in kinds]


def _introduce(lines: list[str], kinds: list[str], number: int) -> None:
    """Count the one or two lines that introduce a quotation as part of it."""
    last = next((row for row in range(number - 1, -1, -1) if visible(lines[row])), -1)
    if last >= 0 and not kinds[last] and _INTRODUCES.search(lines[last]):
        first = last - 1 if last and _WRAPPED.search(lines[last - 1]) else last
        kinds[first : last + 1] = [QUOTED] * (last + 1 - first)
