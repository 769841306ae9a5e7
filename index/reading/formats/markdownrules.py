"""The parser of Markdown, with rules that keep what CommonMark would drop: numbers, notes, formulas, callouts."""

import re
from bisect import bisect_left

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.footnote import footnote_plugin

MAX_NESTING = 100  # a list in a list counts twice
ADDRESS = r"<|[a-zA-Z][a-zA-Z0-9+.-]*:|[/#?.]|[^\s/]*[\w)]/|[^\s]*\w\.\w"  # the beginning of a link's target
_DEFINITION = re.compile(rf"\[[^\]]+\]:\s*(?:{ADDRESS})")
_CALLOUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*(.*)")
_WIKI_LINK = re.compile(r"!?\[\[([^\W\d_][^\[\]\n|]{0,200})(?:\|([^\[\]\n]{1,200}))?\]\](?![(\[])")
# Formulas, and the signs that make brackets a formula; two words in a row are prose between sums of money.
_FORMULA = re.compile(r"\$\$[^$]+\$\$|\$(?!\s)[^$\n]+(?<!\s)\$(?!\d)|\\\(.{1,999}?\\\)|\\\[.{1,999}?\\\]", re.DOTALL)
_SIGN = re.compile(r"[*_^=+<>\\]")
_PROSE = re.compile(r"(?<!\\)\b[^\W\d_]{3,} +[^\W\d_]{2,}")
_STARS = re.compile(r"\*+")
_SPANS = {"<!--": "-->", "%%": "%%", "$$": "$$", r"\[": r"\]"}  # over whole lines
_LONGEST_COMMENT = 10_000  # characters inside a paragraph


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the name of the library
        """The address as it is written."""
        return link


def markdown_parser() -> MarkdownIt:
    """A parser of CommonMark with tables, struck text, footnotes, comments, formulas, wiki links and callouts.

    HTML is disabled, so tags in an article are ordinary text and nothing is lost.
    """
    parser = _Parser("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    footnote_plugin(parser, inline=False, move_to_end=False)
    parser.disable("footnote_ref")  # stays as text
    parser.block.ruler.at("reference", _reference, {"alt": []})
    parser.block.ruler.before("table", "span", _span, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.before("reference", "callout", _callout, {"alt": ["paragraph"]})
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.inline.ruler.before("emphasis", "digits", _digits)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.inline.ruler.before("autolink", "comment", _comment)
    return parser


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Link definitions; only a target that looks like an address is one, so that `[Note]: Closed.` stays."""
    first = state.bMarks[start] + state.tShift[start]
    is_definition = _DEFINITION.match(state.src, first, state.eMarks[min(start + 1, end - 1)])
    return bool(is_definition) and reference(state, start, end, silent)


def _span(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Comments and formulas that begin a line and end one, with any lines between."""
    first = state.bMarks[start] + state.tShift[start]
    opener = next((opener for opener in _SPANS if state.src.startswith(opener, first)), "")
    if not opener or state.is_code_block(start):
        return False
    close = _closing(state, _SPANS[opener], first + len(opener))
    if not first < close <= state.eMarks[end - 1]:
        return False
    last = bisect_left(state.eMarks, close, start)
    if state.src[close : state.eMarks[last]].strip():
        return False
    if not silent:
        token = state.push("comment" if opener in ("<!--", "%%") else "math_block", "", 0)
        token.content = state.getLines(start, last + 1, state.blkIndent, False)
        state.line = last + 1
    return True


def _closing(state: StateBlock, closer: str, position: int) -> int:
    """The end of the next closer, -1 without; remembered, so that many openers take linear time."""
    known: dict[str, tuple[int, int]] = state.env.setdefault("closers", {})
    since, at = known.get(closer, (0, -2))
    if at == -2 or since > position or (at >= 0 and at < position):
        since, at = position, state.src.find(closer, position)
        known[closer] = since, at
    return at + len(closer) if at >= 0 else -1


def _callout(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """The title of a callout, `> [!note] Title`, or its type where it has none, as a paragraph of its own."""
    match = _CALLOUT.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if not match or state.parentType != "blockquote":
        return False
    if not silent:
        state.push("paragraph_open", "p", 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.children = match[2].strip() or match[1], []
        state.push("paragraph_close", "p", -1)
        state.line = start + 1
    return True


def _digits(state: StateInline, silent: bool) -> bool:
    """Stars between a digit and a digit or Latin letter are signs of multiplication."""
    run = _STARS.match(state.src, state.pos)
    around = state.src[state.pos - 1 : state.pos] + state.src[run.end() : run.end() + 1] if run else ""
    if not run or not (len(around) == 2 and around.isascii() and around.isalnum() and not around.isalpha()):
        return False
    return _push(state, run.end(), "text", run[0], silent)


def _formula(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos)
    if not match or not _SIGN.search(match[0].strip("$")[2:-2] if match[0][0] == "\\" else match[0]):
        return False
    return not _PROSE.search(match[0]) and _push(state, match.end(), "text", match[0], silent)


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """The words of `[[Page|words]]`; an index such as `x[[i]]` is none."""
    match = _WIKI_LINK.match(state.src, state.pos)
    if not match or state.src[state.pos - 1 : state.pos].isalnum():
        return False
    return _push(state, match.end(), "text", (match[2] or match[1]).rstrip("\\"), silent)


def _comment(state: StateInline, silent: bool) -> bool:
    position = state.pos
    opener = next((opener for opener in ("<!--", "%%") if state.src.startswith(opener, position)), "")
    if not opener or (opener == "%%" and position and not state.src[position - 1].isspace()):
        return False
    close = state.src.find(_SPANS[opener], position + len(opener), position + _LONGEST_COMMENT)
    end = close + len(_SPANS[opener])
    if close < 0 or (opener == "%%" and state.src[end : end + 1].isalnum()):
        return False
    return _push(state, end, "comment", state.src[position:end], silent)


def _push(state: StateInline, end: int, kind: str, content: str, silent: bool) -> bool:
    if not silent:
        state.push(kind, "", 0).content = content
    state.pos = end
    return True
