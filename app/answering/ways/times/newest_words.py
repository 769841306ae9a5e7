"""Words that ask for the present, the original or the previous state."""

import re
from dataclasses import dataclass

_NOTHING = r"(?!)"  # matches nothing
_VALUES = (
    r"(?:estimate|figure|plan|budget|price|number|count|report|forecast|version|target|value|article|rule|name|fee|fare"
    r"|rent|charge|cost|rate|owner|member|tenant|date|design|capacity|location|hour)s?\b"
)
# After "current" and "present" as nouns: "the current of the motor", "what current does it draw", "the present was".
_AFTER_NOUN = (
    r" (?:and|or|of|in|on|at|to|from|for|by|with|through|between|near|that|which|who|is|are|was|were|does|do|did|has"
    r"|have|had|can|could|will|would|must|may|should|shall|flow\w*|pass\w*|runs?|drawn|drops?|rises?|when|if|he|she|it|we|they"
    r"|I|you|a|an|the)\b"
)
_OFFICES = (
    r"(?:director|president|chair\w*|mayor|head|manager|owner|coach|secretary|principal|rector|captain|minister|editor"
    r"|supplier|provider|operator|agent|landlord|leader|ceo|chief|dean|governor|treasurer|tenants?|winner|holder"
    r"|price|fee|fare|name|location|home)\b"
)
_TODAY = r"(?:present|current|latest|last|newest)"


@dataclass(frozen=True, slots=True)
class Form:
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
) -> Form:
    meant, before_it, after_it = (re.compile(form, re.IGNORECASE) for form in (words, f"(?:{before})$", after))
    return Form(value, meant, before_it, after_it, present, inside)


_BEHIND_FORCE = r" (?:of|than|to|by|between|on|since|from|until|when)\b"
FORMS = [
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
    _form(
        "oldest",
        rf"\bfirst\b(?=(?: ever)?(?: [\w-]+){{0,2}} {_OFFICES})",
        r"\b(?:the|our|your|my|their) name of the |\bat ",
    ),
    _form("oldest", r"(?:最初|起初|原来|原先|当初|一开始)的?|最早的", after=r"如此"),
    _form("oldest", r"(?:首任|第一[任届])的?"),
    _form(
        "previous", r"\b(?:previous|preceding|penultimate|last but one)\b(?= \w)", after=r" (?:question|answer|one\b)"
    ),
    _form("previous", rf"(?<=\bthe )former\b(?= (?:[\w-]+ ){{0,2}}{_OFFICES}(?! (?-i:[A-Z])))"),
    _form(
        "previous",
        rf"\bpredecessor of the {_TODAY}\b"
        rf"|\b(?:immediately |just |right )?before (?:the )?{_TODAY}(?: (?:one|holder))?\b",
    ),
    _form("previous", r"(?:上一|前一)[任届位个代]的?|前任的?|上任的?", after=r"[务职]"),
]
"""The words, the more exact ones of a value first. A question with a "previous" one asks for no other."""
