"""Forms of street addresses in the languages of the interface: a street with a number, or a box of the post."""

import re

_YEAR = r"(?:19|20)\d\d\b"
_NUMBER = rf"(?!{_YEAR})\d{{1,5}}(?:\s?[a-z])?\b(?![.,/-]?\d)"
_NO_STREETS = r"(?:arbeits|spitzen|listen|tabellen|stell|bundes|land|seiden|wasser|aus|um|rück)(?:platz|stra|weg)"
_GERMAN = r"(?:stra(?:ß|ss)e|str\.|gasse|allee|chaussee|platz|weg|damm|ufer)"  # "-ring" also ends English words
_GERMAN_ALONE = r"(?:stra(?:ß|ss)e|str\.|allee|chaussee)"
_TOWN = r"(?:,? \d{5} [^\W\d]+)?"
_FRENCH = r"(?:rue|avenue|boulevard|impasse|chemin|allée|quai)"
_SPANISH = r"(?:(?:calle|avenida|avda\.?|plaza|paseo) |c/ ?)"
_OF = r"(?:(?:de la|de las|de los|de l'|del|des|de|du|d'|la|le|les) ?)?"
_NAME = r"[A-Z][\w'’.-]*"
_ENGLISH = r"(?:street|avenue|road|lane|boulevard)\b(?! (?:maps?|safety|traffic)\b)"
_ENGLISH_NAMED = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Square|Place|Terrace|Way|Close|Crescent)"
)
_CHINESE = r"[\u4e00-\u9fff]{1,12}(?:路|街|大道|巷|弄|胡同)\d{1,5}号"
_BOX = r"(?:P\.? ?O\.? Box|Postfach|apartado(?: de correos)?|boîte postale)"

STREETS = (
    re.compile(rf"\b(?!{_YEAR})\d{{1,5}}[A-Za-z]? (?:{_NAME} ){{1,4}}{_ENGLISH_NAMED}\b(?:,? (?:Apt|Suite|Flat) \w+)?"),
    re.compile(rf"\b(?!{_YEAR})\d{{1,5}}[a-z]? (?!high\b|main\b)[a-z]+ {_ENGLISH}"),
    *(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"\b(?!{_NO_STREETS})(?:[^\W\d]{{2,40}}-?{_GERMAN}|\w{{2,40}}[ -]{_GERMAN_ALONE}) {_NUMBER}{_TOWN}",
            rf"\b(?!{_YEAR})\d{{1,4}}(?: ?(?:bis|ter))?,? {_FRENCH} {_OF}[^\W\d][\w'’-]*(?-i: [A-Z][\w'’-]*)*",
            rf"(?<!\w){_SPANISH}{_OF}[^\W\d][\w'’-]*(?-i: [A-Z][\w'’-]*){{0,3}},? (?:n[.º°]+ ?)?{_NUMBER}",
            rf"{_CHINESE}(?:[\da-z]{{1,5}}(?:号楼|单元|室|栋|楼|层|弄)){{0,4}}",
            rf"\b{_BOX}\s+\d[\d ]{{0,8}}\b",
        )
    ),
)
