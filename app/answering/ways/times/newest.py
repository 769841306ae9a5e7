"""Newest: a question for the present or the original state has alike passages in the order of their dates."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.answering.ways.times.alike import alike, article_days, reordered
from app.answering.ways.times.newest_row import with_row_in_time
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import starts_sentence, unquoted, without_spans
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.hits import Hit

_NOTHING = r"(?!)"  # matches nothing
_NEAR = 24  # characters before a word that tell whether it is meant
_VALUES = r"(?:estimate|figure|plan|budget|price|number|count|report|forecast|version|target|value|article)s?\b"
# After "current" and "present" as nouns: "the current of the motor", "what current does it draw", "the present was".
_AFTER_NOUN = (
    r" (?:and|or|of|in|on|at|to|from|for|by|with|through|between|near|that|which|who|is|are|was|were|does|do|did|has"
    r"|have|had|can|could|will|would|must|may|should|shall|flow\w*|pass\w*|runs?|drawn|drops?|rises?|when|if|he|she|it|we|they"
    r"|I|you|a|an|the)\b"
)
_LONGEST = 200  # characters of a clause before and after a word
_PAST = re.compile(r"\b(?:was|were|did|had|happened)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.?!,;](?:\s|$)|[。？！，；]|\b(?:and|but|or)\b")
_WHY = re.compile(r"^\W*(?:and |but )?why\b|为什么|为何", re.IGNORECASE)  # "Why is it still dry?" asks for a reason
_STILL = re.compile(r"still|(?:no|any) longer|any ?more|仍[然旧]|依然|还", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Form:
    """Words that are meant unless the text just before or just after them matches.

    `present`: not in a clause about the past. `inside`: not at the start of a sentence.
    """

    value: str
    words: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    present: bool
    inside: bool


def _form(
    value: str,
    words: str,
    before: str = _NOTHING,
    after: str = _NOTHING,
    *,
    present: bool = False,
    inside: bool = False,
) -> _Form:
    meant, before_it, after_it = (re.compile(form, re.IGNORECASE) for form in (words, f"(?:{before})$", after))
    return _Form(value, meant, before_it, after_it, present, inside)


_BEHIND_FORCE = r" (?:of|than|to|by|between|on|since|from|until|when)\b"
_FORMS = [
    _form(
        "newest",
        r"\blatest\b",
        r"\bat the ",
        r" (?:possible|time|date|deadline|hour|day|moment|permissible|allowed|I|you|we|they)\b",
    ),
    _form("newest", r"\b(?:newest|most recent(?:ly)?|currently|presently|nowadays|these days)\b"),
    _form("newest", r"\bup[- ]to[- ]date\b", r"\b(?:stay\w*|keep\w*|kept|bring\w*|brought) (?:\w+ )?"),
    _form(
        "newest",
        r"\b(?:incumbent|right now|(?:no|any) longer|any ?more|as (?:it|things|matters?) (?:now )?stands?)\b",
        after=r" (?:of|than|to|by|between|on)\b",
        present=True,
    ),
    _form(
        "newest",
        r"\bin force\b",
        r"\b(?:been|come|came|enter\w*|put|remain\w*|be|went|go) ",
        _BEHIND_FORCE,
        present=True,
    ),
    _form("newest", r"\bwhat(?:['’]s| is) new(?= (?:on|about|regarding) )"),
    _form(
        "newest",
        r"\bupdated\b(?= \w)",
        r"\b(?:was|were|been|is|are|be|being|has|have|I|you|we|they|who|last) ",
        r" (?:by|in|on|at|from|to|every|when|with|since)\b",
    ),
    _form(
        "newest",
        r"\bto date\b",
        r"\b(?:up|relat\w+|due|back|prior|relevant|want|try|how|able) ",
        r" (?:of|from|back|to|the|a|palms?)\b",
    ),
    _form("newest", r"\bat (?:present|the (?:present|moment))\b", after=r" (?:of|when|that)\b"),
    _form(
        "newest",
        r"\bcurrent\b(?= \w)",
        r"\bnon-|\b(?:electric(?:al)?|alternating|direct|ocean|sea|air|eddy|leakage|rated|starting|(?:max|min)(?:imum)?|peak"
        r"|strong|weak|tidal|warm|cold|in|out)(?:put)? ",
        rf"{_AFTER_NOUN}| (?:account|affair|asset|ratio|density|transformer|sensor|source"
        r"|rating|breaker|limiter|meter|draw)s?\b| liabilit",
    ),
    _form(
        "newest",
        r"(?<=\bthe |\bits |\bour )present\b(?= \w)",
        after=rf"{_AFTER_NOUN}| (?:study|paper|article|report|work|document|text|tense|perfect|value|wrapp\w+)\b",
    ),
    _form(
        "newest",
        r"\b(?:as of )?now\b",
        r"\b(?:from|just|even|before|every|what) ",
        r" (?:and (?:then|again)|that)\b",
        present=True,
        inside=True,
    ),
    _form("newest", r"\b(?:as of )?today\b(?:['’]s)?", r"\b(?:earlier|later) ", r"(?-i: [A-Z])", present=True),
    _form(
        "newest",
        r"\bstill\b",
        r"\b(?:a|an|the|this|each|every|one|stand|stands|stood|sit|sits|keep|keeps|hold|better|of) ",
        r" (?:waters?|life|lifes|images?|photo\w*|pictures?|frames?|wines?|air|birth"
        r"|more|less|another|and|or|higher|lower|larger|bigger|greater)\b",
        present=True,
        inside=True,
    ),
    _form("newest", r"(?:最新|如今|现任|现行|新任|在任|眼下|迄今为?止?|至今|最近一(?=[次期届批版]))的?", r"[直]"),
    _form("newest", r"(?:仍[然旧]|依然|还(?=[在要是需能可得用]))(?=[^，。？！,.?!]{0,14}吗)"),
    _form("newest", r"现在的?", r"[出体表呈实展发浮涌显]"),  # 出现在 is "appears in"
    _form("newest", r"目前的?", r"[项节题科数书条]", r"[景期]"),
    _form("newest", r"当前的?", r"[应相适]", r"往"),
    _form("oldest", r"\b(?:originally|initially|at the outset|first[- ]ever)\b"),
    _form("oldest", r"\bat first\b", after=r" (?:glance|sight|hand|light|base|instance|aid|floor|class)\b"),
    _form("oldest", rf"\b(?:original|initial|oldest|earliest)\b(?= (?:[\w-]+ )?{_VALUES})"),
    _form("oldest", r"(?:最初|起初|原来|原先|当初|一开始)的?|最早的", after=r"如此"),
]


class Newest(Way):
    """The present state ("latest", "currently", 最新) or the original one ("originally", 最初)."""

    kind = "newest"
    depth = 20

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words that ask for the newest or the oldest; none where a question asks for both."""
        found = [(value, span) for value, span in _found(text) if not (_WHY.search(text) and _is_still(text, span))]
        values = {value for value, _ in found}
        return [Mention("newest", value, text[start:end]) for value, (start, end) in found] if len(values) == 1 else []

    def tells(self, mention: Mention, known: Known) -> bool:
        """Whether articles have different dates."""
        return known.facets.dates[0] != known.facets.dates[1]

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the words for the time."""
        return without_spans(text, [span for value, span in _found(text) if value == mention.value])

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Alike hits by their dates, undated behind; for the newest, outdated last. Rows of a table are marked so."""
        has_changed = any(_STILL.fullmatch(mention.text) for mention in mentions)
        same = alike(hits, known, has_changed=has_changed)
        hits = reordered(hits, same, lambda hit: _rank(hit, mentions[0], known))
        newest, today = mentions[0].value == "newest", known.today.toordinal()
        return [with_row_in_time(hit, today, newest=newest) for hit in hits]

    def explained(
        self, passage: Passage, mention: Mention, known: Known, search: Callable[[], Sequence[Hit]]
    ) -> bool | None:
        """Whether the passage is the newest or the oldest among the alike hits, or as old as that."""
        hits = search()
        has_changed = _STILL.fullmatch(mention.text) is not None
        same = [hits[position] for position in alike(hits, known, has_changed=has_changed)]
        ranks = {hit.passage.id: _rank(hit, mention, known) for hit in same}
        return passage.id in ranks and ranks[passage.id] == min(ranks.values())


def in_force_first(hits: list[Hit], known: Known) -> list[Hit]:
    """The hits with outdated ones behind those alike to them that are in force, for a question that names no time."""
    if not any(is_outdated(hit, known) for hit in hits):
        return hits
    return reordered(hits, alike(hits, known), lambda hit: is_outdated(hit, known))


def _rank(hit: Hit, mention: Mention, known: Known) -> tuple[bool, bool, int]:
    """The place of a hit in the order of dates, lowest first."""
    newest, (first, last) = mention.value == "newest", article_days(hit, known)
    return newest and is_outdated(hit, known), not first, -last if newest else first


def _is_still(text: str, span: Span) -> bool:
    return _STILL.fullmatch(text, *span) is not None


def is_outdated(hit: Hit, known: Known) -> bool:
    """Whether the hit's article is superseded by one that can be seen, or is no longer valid."""
    row = known.articles.row(hit.passage.article.id)
    return row is not None and known.facets.succession.is_outdated(row, known.today.toordinal())


def _found(text: str) -> Iterator[tuple[str, Span]]:
    """The value and the span of each mention outside quotation marks and names."""
    plain = unquoted(text)
    for form in _FORMS:
        for match in form.words.finditer(plain):
            start, end = match.span()
            near = plain[max(0, start - _NEAR) : start]
            meant = not form.before.search(near) and not form.after.match(plain, end)
            if meant and _is_plain(plain, start, form.inside) and not (form.present and _is_past(plain, start)):
                yield form.value, (start, end)


def _is_plain(text: str, start: int, inside: bool) -> bool:
    """Whether the word is no part of a name: it is written small, or begins a sentence where that is no set phrase."""
    if not text[start].isupper() or text.isupper():
        return True
    return not inside and starts_sentence(text, start)


def _is_past(text: str, start: int) -> bool:
    """Whether the clause around this place tells of the past."""
    first, last = max(0, start - _LONGEST), start + _LONGEST
    begin = max((match.end() for match in _CLAUSE.finditer(text, first, start)), default=first)
    stop = _CLAUSE.search(text, start, last)
    return bool(_PAST.search(text, begin, stop.start() if stop else last))
