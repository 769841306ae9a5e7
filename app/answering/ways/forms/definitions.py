"""Definitions: "What is X?", "Who is X?" and the like are answered by sentences that say what X is."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.answering.ways.ordering import fitting_first
from app.answering.ways.way import Known, Mention, Way
from index.passages.sentences import Span, is_cjk
from index.patterns import lazy
from index.search.hits import Hit

_ALIKE = 0.8  # of the score of another hit, from which one that defines comes before it
_SUBJECT = r"(?P<subject>[^?？。！!,，;；]{1,80}?)"
_ASKS = [
    lazy(rf"^(?:(?:and|but|so|ok|okay|please|hi|hello)\b,? )*{form}[?.!？。！ ]*$", re.IGNORECASE)
    for form in (
        rf"(?:who|what)(?:['’]s| is| are| was| were) {_SUBJECT}",
        rf"what (?:does|do|did) {_SUBJECT} (?:mean|stand for|refer to|denote)",
        rf"what is (?:meant by|the (?:meaning|definition) of) {_SUBJECT}",
        rf"(?:define|explain|describe)(?: to (?:me|us))?(?: what)?(?: the (?:term|word))? {_SUBJECT}"
        r"(?: is| are| means?)?",
        rf"(?:(?:the )?(?:meaning|definition) of) {_SUBJECT}",
        rf"(?:can you |could you )?(?:tell (?:me|us)|do you know) (?:who|what) {_SUBJECT} (?:is|are|was|were|means?)",
        rf"(?:(?:can|could|would) you )?(?:please )?(?:tell (?:me|us) (?:more |something )?about|explain) {_SUBJECT}",
        rf"{_SUBJECT} explained",
        rf"{_SUBJECT}(?:是|指的是|是指|指|叫)(?:什么|谁|啥|何物|何人)(?:意思|东西|人|人物|机构|组织)?",
        rf"(?:什么是|何谓|什么叫|谁是|解释一下|解释|介绍一下|请介绍){_SUBJECT}",
        rf"{_SUBJECT}的(?:定义|含义|意思)(?:是什么)?",
    )
]
_PLAIN = lazy(r"\W*(?:\w+\W+)*?(?:who|what)\b", re.IGNORECASE)  # has no other words that only ask
# "What is the budget of the fund?" asks for a part of it, "What is planned?" and "Who is it?" for no name.
_PART = lazy(
    r"\b(?:in|for|on|at|by|to|with|from|about|between|than|that|which|who|and|or|if|when|planned|happening|going|done"
    r"|said|meant|it|its|this|these|those|they|them|he|she|his|her|you|your|we|there|here|next|last)\b"
    r"|^(?:new|old|best|known|left|wrong|right|different|special|important|true|better|worse)$"
    r"|^(?:the|your|our|his|her|its|their|my) [^A-Z0-9]*$|^[^A-Z0-9]* of\b|的|[这那它他她们你您]",
)
_ARTICLE = lazy(r"^(?:an?|the) ", re.IGNORECASE)


class Definitions(Way):
    """A question for what or who something is."""

    kind = "definition"
    depth = 10

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The subject that is to be defined, without its article."""
        for match in filter(None, (asks.match(text) for asks in _ASKS)):
            subject = match["subject"].strip(" \"'“”‘’「」《》")
            if subject and not _PART.search(subject):
                yield Mention(self.kind, _ARTICLE.sub("", subject), subject)
                return

    def tells(self, mention: Mention, known: Known) -> bool:
        """False: whether a definition is asked for is no matter of choice."""
        return False

    def reworded(self, text: str, mention: Mention) -> str:
        """The subject alone where the question is Chinese, and "What is …?" for another wording than with "what".

        Words that only ask would be index terms.
        """
        if is_cjk(text.rstrip("?？。！ ")[-1]) or is_cjk(text[0]):
            return mention.text
        return text if _PLAIN.match(text) else f"What is {mention.text}?"

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages that define the subject before alike ones, with the sentence that defines it as the best one."""
        defines = _defining(mentions[0].value)
        return fitting_first([_defined(hit, defines) for hit in hits], lambda hit: _defines(hit, defines), _ALIKE)

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the first marked sentence defines the subject."""
        return any(_defines(hit, _defining(mention.value)) for hit in hits[:1])


def _defined(hit: Hit, defines: re.Pattern[str]) -> Hit:
    """The hit with the first sentence that defines as its best one."""
    if _defines(hit, defines):
        return hit
    sentence = next((span for span in hit.sentences.spans if _in(hit, span, defines)), None)
    return hit if sentence is None else hit.marking(sentence)


def _defines(hit: Hit, defines: re.Pattern[str]) -> bool:
    return _in(hit, hit.best_sentence, defines)


def _in(hit: Hit, span: Span, defines: re.Pattern[str]) -> bool:
    return defines.search(hit.passage.article.text, *span) is not None


# Offices before the name of whoever holds them.
_ROLES = (
    "局长|主任|部长|董事长|理事长|会长|主席|书记|秘书长|总理|总统|行长|院长|校长|所长|馆长|台长|署长|市长|省长|县长|区长|司长"
    "|处长|总裁|总经理|经理|院士|教授|研究员|科学家|工程师|专家|负责人|发言人|创始人|首席|委员|代表|大使"
)
_OFFICES = (
    r"president|director|minister|chair\w*|professor|head|mayor|premier|secretary|academician|chief|founder|governor"
    r"|scientist|engineer|researcher|physicist"
)
# Verbs that say which office a person holds.
_HOLDS = "chairs|heads|leads|directs|manages|runs|edits|founded|presides over|(?:serves|works|acts) as|represents"
_PERSON = lazy(r"[A-ZÀ-Þ][\w'’.-]*(?: [A-ZÀ-Þ][\w'’.-]*){1,3}")
_NEVER = r"(?!)"
# Words that stand in no name of a kind, as in "the 504-qubit chip Xiaohong".
_LINKS = (
    "of|in|for|at|by|with|and|or|to|from|on|that|than|as|but|is|are|was|were|has|have|had|will|which|who|when|where"
)


@lru_cache(maxsize=256)
def _defining(subject: str) -> re.Pattern[str]:
    """Sentences that say what the subject is: "X is a …", "X, the …", "called X", "Long Name (X)", "X是…"."""
    name = r"\s+".join(map(re.escape, subject.split()))
    name = rf"(?<![A-Za-z0-9]){name}(?:['’]?e?s)?(?![A-Za-z0-9])[\"”’»]?"
    bracket = r"(?: ?[(（][^()（）]{1,60}[)）])?"
    return re.compile(
        rf"{name}{bracket}(?:,? (?:is|are|was|were) (?:an?|the|one|any|all|our|what|not an?|run by|made (?:of|up))\b"
        rf"|, (?:an?|the|one of|which (?:is|are|was|were)|who (?:is|was)|formerly|or)\b"
        rf"|,? (?:means?|refers? to|stands? for|denotes?|describes?|consists? of|comprises?)\b"
        rf"|(?:，|,)?(?:是(?!否|不是)|指的?是?|即|系|为(?![题主名要核基重了])|全称|被称为|——)"
        rf"|的(?:含义|定义|意思|内涵|本质|实质)(?:是|在于|指|为)|由[^，。]{{1,40}}(?:组成|构成))"
        rf"|{name} ?[(（][^()（）]{{3,60}}[)）]"
        rf"|{name if _PERSON.fullmatch(subject) else _NEVER} (?:{_HOLDS})\b"
        rf"|\b(?:an?|the|another|its|their|one)(?: [\w-]+){{1,6}}, (?:an? |the )?{name},"
        rf"|\b(?:called|(?:we|you|they|people) (?:also )?call|known as|named|dubbed|termed|nicknamed|short for"
        rf"|abbreviated(?: as| to)?|referred to as)"
        rf"(?: (?:as|the|an?|simply|also|now|officially)){{0,2}} [\"“‘«]?{name}"
        rf"|\w ?[(（](?:the |简称|下称)?[\"“]?{name} ?[)）]"
        rf"|(?:称为|称作|叫做|叫作|简称|又称|名为|即|全称)[“\"《]?{name}"
        rf"|\b(?:make|makes|made) up (?:the )?{name}|\b(?:form|forms|constitute|constitutes) (?:the )?{name}"
        rf"|(?:\b(?:the|an?|its|their)|['’]s)(?: (?!{_LINKS}\b)[\w-]+){{0,3}} (?!(?:{_LINKS}|[\w-]*(?:ed|ing|s))\b)"
        rf"(?-i:[a-z])[\w-]+ (?-i:(?=[A-Z])){name}"
        rf"|(?:{_ROLES})为?{name}"
        rf"|\b(?:{_OFFICES}) {name}|{name}, (?:[\w-]+ ){{0,3}}(?:{_OFFICES})\b",
        re.IGNORECASE,
    )
