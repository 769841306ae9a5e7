"""Operators of exclusion in a question: some are obeyed (`-word`, NOT), others demote (without, except)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.answering.ways.words.verbatim import CJK, QUOTED
from index.keywords.tokenizer import STOP_WORDS, tokenise
from index.passages.sentences import Span
from index.patterns import lazy

# Every operator has one of these; most questions have none, and need none of the forms below.
_HINT = lazy(
    r"[-–−－]|\b(?:not?|but|without|free|minus|exc?ept(?:ing|ion)?|excluding|other|apart|aside|leaving)\b|n['’]t\b"
    r"|[不没除别排去]|以外",
    re.IGNORECASE,
)
_WORD = rf"(?:[^\W\d_](?:[\w'’]+|(?=-\w))|{CJK})(?:-\w+)*"
_WORDS = rf"(?P<words>{QUOTED.pattern}|{_WORD}(?: {_WORD}){{0,2}})"
_RELATION = r"in|on|at|of|from|for|by|with|about|using|mentioning|containing"
_ONE = rf"(?:(?:the |any |that )?ones?|those|anything) (?=(?:{_RELATION}|that|which|made) )"
# "without reducing the speed" tells how something is done.
_DOING = r"(?!\w+ing (?:the|an?|any|its|their|his|her|your|our)\b)"
_LINK = (
    rf"(?:{_ONE}|(?:a|an|the|any|its|their|{_RELATION}) |(?:that|which) (?:is|are|has|have|contains?|uses?) |made "
    r"){0,4}"
)
_MINUS = lazy(rf"(?:^|(?<=\s))[-–−－](?P<words>{QUOTED.pattern}|{_WORD}(?![\w-]))")
_CAPITALS = lazy(rf"(?<=\S )(?:(?:AND|BUT) )?NOT (?:(?:a|an|the) )?(?P<words>{QUOTED.pattern}|{_WORD})")
_LACKING = [  # with a capital it is a name's: Doctors Without …
    lazy(rf"\b(?:[Bb]ut (?:not|no)|without|with no|free (?:of|from)) {_DOING}{_LINK}{_WORDS}"),
    lazy(rf"\b(?:that |which )?(?:do|does)(?: not|n['’]t) (?:contain|include|use|have) {_LINK}{_WORDS}"),
    lazy(rf"\b(?:that |which )(?:is|are)(?: not|n['’]t) {_LINK}{_WORDS}"),
    lazy(rf"\b(?:(?:that|which) (?:has|have)|(?:(?:that|which) )?(?:contains?|includes?|uses?)) no {_LINK}{_WORDS}"),
]
_LESS = lazy(rf"(?<=\S )minus (?!signs?\b|degrees?\b|symbols?\b|points?\b){_LINK}{_WORDS}")
_COMMA = lazy(rf"(?P<before>, ?)(?:not|no) {_LINK}{_WORDS}")  # in a sentence it contrasts: the final, not the first
# At the end of a question it says which one is meant: "a puzzle, not a jigsaw".
_COMMA_END = lazy(rf"(?P<before>, ?)(?:but )?not (?:an?|any) {_WORDS}(?=[?.! ]*$)")
_EXCEPTING = [
    lazy(
        r"\b(?:exc?ept(?:ing)?(?: for)?|excluding|with the exception of|other than|(?:apart|aside) from"
        rf"|leaving (?:out|aside)|not (?:including|counting)) {_LINK}{_WORDS}",
        re.IGNORECASE,
    ),
    lazy(rf"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bbe )\b(?:any|every)(?:thing|body|one) but {_LINK}{_WORDS}", re.I),
]
_GAP = lazy(r",? ?")
_OR = lazy(rf"n?or {_LINK}{_WORDS}")
_ZH_WORDS = r"(?!什么|哪)(?P<words>[^\s，。？！；、,?!的]{1,12})"
_ZH_LACK = r"不(?:包括|包含|含有?|带|加|放|用|使用)"
_ZH_LACKING = lazy(rf"[但而]?(?:不包括|不包含|不含有?|不带|不加) ?{_ZH_WORDS}")
_ZH_ATTRIBUTE = lazy(rf"(?:{_ZH_LACK}|(?<!有)没有)(?P<words>[^\s，。？！；、,?!的什哪]{{1,8}})的(?={CJK})")
_ZH_ASIDE = lazy(
    r"(?<=[\s，,；;。])(?:但|但是|只是)?(?:不想?要|别要?|排除|去掉|不算|不计|不含|不包括|不带|不加)有?"
    r"(?P<words>[^\s，。？！；、,?!的吗么呢什哪谁]{1,6})的?(?=$|[\s，。！？；,.!?;])"
)
_ZH_CHOOSING = lazy(
    rf"(?P<before>(?:哪[种些个款家类]|有没有|什么|有哪些)[^\s，。？！；,?!]{{0,12}}?){_ZH_LACK}"
    r"(?P<words>[^\s，。？！；、,?!的吗么呢什哪谁]{1,8})(?=$|[，。？！,.?!])"
)
_ZH_APART = r"(?<![剔扣排删去清解消废免开铲])除"  # rather than the end of a verb: 剔除, 消除
_ZH_EXCEPTING = [
    lazy(rf"{_ZH_APART}了(?P<words>[^\s，。？！；,?!]{{1,20}}?)(?:[以之]?外|(?=[，,]))"),
    lazy(rf"{_ZH_APART}(?P<words>[^\s，。？！；,?!了]{{1,20}}?)(?:[以之]外|外(?=[，,]))"),
    lazy(r"(?:^|(?<=[\s，,；;。]))(?P<words>[^\s，。？！；,?!除的\d]{2,8})以外的"),
]

# A question with a verb states something with these words, rather than to exclude them.
_SENTENCE = lazy(
    r"\b(?:what|which|who|whom|whose|where|when|why|how|is|are|was|were|be|do|does|did|has|have|had|can|could|will"
    r"|would|shall|should|may|might|must|cannot|you|we|they|he|she|it|I)\b|n['’]t\b"
    r"|[吗呢谁哪几]|什么|多少|怎|如何|为何|是否|有没有"
)
# A question that looks for a thing: the words tell which one.
_LOOKING_FOR = lazy(
    r"\b(?:is|are) there\b|\b(?:do (?:you|we) (?:have|sell|offer)(?! to\b)|have you got|looking for)\b"
    r"|\b(?:I|we)(?:(?:['’]d| would) like| want| need)(?! to\b(?! (?:buy|get|order|find|book|rent|borrow)\b))"
    r"|^(?:please )?(?:show|find|give|list|get|recommend|suggest|name)\b"
    r"|\bwhere (?:can|could|do) (?:I|we|you) (?:get|buy|find|order|rent|borrow)\b",
    re.IGNORECASE,
)
_VERBS = (
    "is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|must|should|if|about|works?|happen\\w*|comes?"
)
_CHOICE = lazy(
    rf"^(?:which|what|any) (?:(?!(?:{_VERBS}|goes|becomes?|remains?|runs?|lives?|counts?|lies)\b)[\w-]+ ){{1,4}}"
    r"(?:(?:is|are) (?:made |available |sold |offered )?|comes? )?$",
    re.IGNORECASE,
)
_NEXT_CLAUSE = lazy(r", ?(?=\w)")
_PHRASE = lazy(
    r"[,;:?!]|^\W*(?:(?:in|on|at|by|for|with|from|to|if|when|during|after|before|and|but|so)\b|$)", re.IGNORECASE
)
_NEGATION = lazy(r"\b(?:not|no|never|cannot|nothing|nobody|none)\b|n['’]t\b", re.IGNORECASE)
_MANNER = lazy(r"\b(?:ways?|reasons?|chance|possib\w+|options?|how|able|allowed|have to) ", re.IGNORECASE)
_COPULA = lazy(r"\b(?:is|are) $", re.IGNORECASE)
_NAMED_BEFORE = lazy(r"\b(?:suffix|prefix|ending|ends? (?:in|with)|option|flag|switch|command)(?: in)? $", re.I)
_NAMED_AFTER = lazy(r" (?:option|flag|switch|parameter|argument|suffix|ending)\b", re.I)
_DASH = lazy(r"\w[-–−－](?!\w)")
_NO_SUBJECT = frozenset(
    "one ones those only just all everything everyone limited necessarily always sure doubt longer matter".split()
)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator with its words as they stand in a question, and the words that it excludes."""

    start: int
    text: str
    words: str

    @classmethod
    def of(cls, match: re.Match[str]) -> "Operator":
        """The operator of a match; its words end before the first stop word."""
        words, string = match["words"], match.string
        start = match.end("before") if match.groupdict().get("before") else match.start()
        if QUOTED.fullmatch(words):
            return cls(start, string[start : match.end()], words[1:-1].strip())
        stop = next((word for word in re.finditer(r"\S+", words) if word[0].casefold() in STOP_WORDS), None)
        if stop is None:
            return cls(start, string[start : match.end()], words)
        words = words[: stop.start()].rstrip()
        return cls(start, string[start : match.start("words") + len(words)], words)


def obeyed(text: str) -> list[Operator]:
    """The operators `-word` and NOT of a question with other words as well."""
    if not _HINT.search(text):
        return []
    forms = [_MINUS]
    if any(letter.isalpha() and not letter.isupper() for letter in text) and not is_sentence(text):
        forms.append(_CAPITALS)
    found = (match for form in forms for match in form.finditer(text) if not _is_named(text, match))
    return _meant(text, map(Operator.of, found))


def demoting(text: str) -> list[Operator]:
    """The operators `except`, `other than` and the like.

    `but not`, `without` and the like are among them only in a question without a verb, or one that looks for a thing.
    """
    if not _HINT.search(text):
        return []
    found = [Operator.of(match) for form in (*_EXCEPTING, *_ZH_EXCEPTING) for match in form.finditer(text)]
    lacking = [match for form in _LACKING for match in form.finditer(text)]
    if is_sentence(text):
        lacking = [match for match in lacking if _tells_which(text, match) or _is_of_thing(text, match)]
        forms = [_COMMA_END, _ZH_ATTRIBUTE, _ZH_ASIDE, _ZH_CHOOSING]
    else:
        comma = [] if _LOOKING_FOR.search(text) else [_COMMA]
        forms = [_LESS, *comma, _ZH_ATTRIBUTE, _ZH_ASIDE, _ZH_LACKING]
    found += map(Operator.of, lacking)
    others = [Operator.of(match) for form in forms for match in form.finditer(text)]
    found += [other for other in others if not any(_overlap(other, each) for each in found)]
    return _meant(text, (other for each in found for other in _with_alternatives(text, each)))


def is_sentence(text: str) -> bool:
    """Whether a question has a verb; in capitals such a word is a name: May, WHO, IT."""
    return _SENTENCE.search(text[:1].lower() + text[1:] if text[:2] != "I " else text) is not None


def _tells_which(text: str, match: re.Match[str]) -> bool:
    """Whether the operator in a sentence tells which thing is looked for, rather than how something is done."""
    before = text[: match.start()]
    if _NEGATION.search(before + " " + text[match.end() :]) or _MANNER.search(before):
        return False
    if _COPULA.search(before) and not match[0].startswith("free"):
        return False
    return bool(_LOOKING_FOR.search(before) or _CHOICE.search(before))


def _is_of_thing(text: str, match: re.Match[str]) -> bool:
    """Whether the operator belongs to a thing before a question about it: "board games without dice, how long …"."""
    after = _NEXT_CLAUSE.match(text, match.end())
    if after is None or match[0].lower().startswith("but"):
        return False
    before = text[: match.start()]
    return not _PHRASE.search(before) and not is_sentence(before) and is_sentence(text[after.end() :])


def _meant(text: str, found: Iterable[Operator]) -> list[Operator]:
    """The operators outside of quotation marks; none if the text has no other index terms."""
    quotes = [match.span() for match in QUOTED.finditer(text)]
    operators = [each for each in found if _has_subject(each.words) and not _is_inside(each.start, quotes)]
    rest = text
    for operator in operators:
        rest = rest.replace(operator.text, " ")
    return operators if tokenise(rest) else []


def _with_alternatives(text: str, operator: Operator) -> Iterator[Operator]:
    """The operator, and those that an `or` adds: without oil or gas."""
    yield operator
    gap = _GAP.match(text, operator.start + len(operator.text))
    if gap and (other := _OR.match(text, gap.end())):
        yield from _with_alternatives(text, Operator.of(other))


def _overlap(one: Operator, other: Operator) -> bool:
    return one.start < other.start + len(other.text) and other.start < one.start + len(one.text)


def _is_inside(place: int, spans: Iterable[Span]) -> bool:
    return any(start < place < end for start, end in spans)


def _has_subject(words: str) -> bool:
    first = next(iter(words.casefold().split()), "")
    return bool(tokenise(words)) and first not in _NO_SUBJECT


def _is_named(text: str, match: re.Match[str]) -> bool:
    """Whether the hyphen belongs to a name, such as that of an option or a suffix, or is the first of two dashes."""
    before, after = _NAMED_BEFORE.search(text, 0, match.start()), _NAMED_AFTER.match(text, match.end())
    return bool(before or after or _DASH.search(text, match.end()))
