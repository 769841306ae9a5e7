"""Steps from an answer: more of it, other articles, or one of its passages."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.answering.inventory.recognition import is_more
from index.articles.dates import ORDINALS
from index.patterns import lazy

StepKind: TypeAlias = Literal["more", "elsewhere", "passage"]

_ORDINALS = ORDINALS[:5]
_ORDINALS_ZH = "一二三四五"
_POLITE = r"(?:(?:ok|okay|yes|please|thanks|and|so)\b[,.!]? )*"
_SHOW = r"(?:(?:can|could) you )?(?:(?:show|give|tell|find)(?: me)? |(?:are there|do you have|what about) )?"
_THING = r"(?:articles?|documents?|sources?|texts?)"
_MORE = lazy(
    rf"{_POLITE}{_SHOW}(?:(?:any|some|a (?:bit|little) |even )?(?:more|further)(?: details?| information| passages?"
    r"| results?| quotes?| about (?:it|that|this|them|him|her))?|anything else|what else|anything more"
    r"|go on|continue|in more detail|(?:the )?next (?:ones?|passages?|results?))(?: please| there)?"
    r"|(?:那么?|请)?(?:还有(?:吗|呢|什么|别的吗|其他的?吗)|再(?:多)?(?:说|讲)(?:一?[点些])?|(?:说|讲)(?:得)?详细(?:一?点|一?些)?|更多(?:内容|信息|细节)?|继续)",
    re.IGNORECASE,
)
_ELSEWHERE = lazy(
    rf"{_POLITE}{_SHOW}(?:any |some |the )?(?:other|different|another|further|more) {_THING}"
    r"(?: (?:on|about) (?:it|that|this|them))?"
    rf"|(?:what )?do(?:es)? (?:any )?other {_THING} (?:say(?: so| that)?|mention (?:it|that|this))(?: too)?"
    r"|(?:还有)?(?:其他|其它|别的)(?:的)?(?:文章|来源|资料)(?:呢|吗|怎么说)?",
    re.IGNORECASE,
)
_PASSAGE = lazy(
    rf"{_POLITE}(?:(?:what|how) about |(?:tell|show) me (?:more )?(?:about )?|what does |open )?"
    rf"(?:the )(?P<word>{'|'.join(_ORDINALS)})(?: (?:one|passage|quote|citation|source|result|article|answer))?"
    r"(?: (?:say|mean))?"
    rf"|(?:那么?)?第(?P<zh>[{_ORDINALS_ZH}1-5])(?:个|条|段|篇|处)(?:呢|是什么|怎么说|说(?:了)?什么)?",
    re.IGNORECASE,
)
_LONGEST = 80  # characters


@dataclass(frozen=True, slots=True)
class Step:
    """A step: `more` or `elsewhere` for the time `number`, or to the passage of that `number`."""

    kind: StepKind
    number: int = 1


def step_of(text: str) -> Step | None:
    """The step that the whole of a text asks for; None for any other text."""
    said = " ".join(text.split()).strip(" ?.!？。！")
    if len(said) > _LONGEST:
        return None
    if _ELSEWHERE.fullmatch(said):
        return Step("elsewhere")
    if match := _PASSAGE.fullmatch(said):
        word, sign = match["word"], match["zh"]
        number = _ORDINALS.index(word.lower()) if word else "12345".find(sign)
        return Step("passage", (number if number >= 0 else _ORDINALS_ZH.index(sign)) + 1)
    return Step("more") if _MORE.fullmatch(said) or is_more(text) else None
