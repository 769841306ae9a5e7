"""The format of a text that does not name it: plain text, Markdown or HTML."""

import re
from typing import Literal, TypeAlias

from index.reading.formats.extract import Extract
from index.reading.formats.markdown import markdown_extract
from index.reading.formats.plaintext import plaintext_extract

TextFormat: TypeAlias = Literal["text", "markdown", "html"]
_CODE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(?s:.*?)(?:^[ \t]*\1|\Z)|`[^`\n]+`", re.MULTILINE)
_NAMES = (
    "html|head|body|article|section|main|div|p|span|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|a|b|i|u|em|strong|small|"
    "sub|sup|blockquote|pre|code|script|style|figure|font|center"
)
_ENDED = re.compile(rf"</(?:{_NAMES})\s*>|<br\s*/?>", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*<(?:!doctype|!--|\?xml|(?:{_NAMES})\b)", re.IGNORECASE)
_WHOLE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
# Signs that plain text seldom has: headings, rules, quotations, lists, tables, code, links, emphasis of words.
_MARKDOWN = re.compile(
    r"^#{1,6}[ \t]+\S|^[ ]{0,3}(?:```|~~~|([*_-])[ \t]*(?:\1[ \t]*){2,}$|>[ \t]*\S|=+$|\|?[ \t]*:?-{3,}:?[ \t]*\|)"
    r"|^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+[^\n]*\n(?:[^\n]+\n){0,5}\n?[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+\S"
    r"|\[[^\]\n]+\]\([^)\n]+\)|\[\^?[\w -]+\]:|`[^`\n]+`|\\[*_#\[]|~~\S|<!--|<https?:"
    r"|\*\*(?=\S)[^*\n]+(?<=\S)\*\*|(?<![\w*])\*(?=[^\W\d])[^*\n]*[^\W\d]\*(?![\w*])|(?<!\w)_(?=\S)[^_\n]+(?<=\S)_(?!\w)",
    re.MULTILINE,
)


def text_format(text: str) -> TextFormat:
    """The format of a text by its marks; HTML has tags outside code that are closed."""
    has_tags = _ENDED.search(_CODE.sub(" ", text)) is not None
    if has_tags and (_BEGINS.match(text) or not _MARKDOWN.search(text)):
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "text"


def text_extract(text: str, name: str) -> Extract:
    """The extract of a text in the format of this name, detected if empty; a piece of a page is the whole article."""
    match name or text_format(text):
        case "html":
            from index.reading.formats.webpage import webpage_extract

            return webpage_extract(text if _WHOLE.search(text) else f"<div itemprop='articleBody'>{text}</div>")
        case "markdown":
            return markdown_extract(text)
    return plaintext_extract(text)
