"""Parts of a web page that belong to no article: menus, forms, consent dialogs."""

import re
from typing import Any

from index.reading.formats.webtree import shown

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav ol option p pre search section "
    "select summary table tbody td textarea tfoot th thead tr ul".split()
)
_FURNITURE = frozenset("nav aside footer form button select textarea dialog iframe menu search".split())
_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog form menu".split())
_ALWAYS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|newsletter|subscribe|advert|advertisement|popup|modal)(?:$|[\s_-])", re.IGNORECASE
)
# These are also parts of ordinary names: share-capital, social-policy, related-parties.
_OFTEN = (
    "consent|share|sharing|social|breadcrumbs?|related|recommended|recommendations|ads?|promo|sidebar|comments|"
    "pagination|toolbar|navbar|nav|menu"
)
_MAYBE = re.compile(rf"(?:^|[\s_-])(?:{_OFTEN})(?:$|[\s_-])", re.IGNORECASE)
_ALONE = re.compile(rf"(?:^|\s)(?:{_OFTEN})(?:$|\s)", re.IGNORECASE)
# Of the author, other readers and the site; only at the end of a name, as classes also name who wrote an article.
_ABOUT = re.compile(
    r"(?:^|[\s_-])(?:author(?:[_-]?(?:bio|box|info|card|description))?|(?:about|bio|biography)[_-]?author|"
    r"author[_-]bio[_-]\w+|byline|comments?|kommentare?|respond|disclaimer|disclosure|paywall|post-tags|post-meta)(?:$|\s)",
    re.IGNORECASE,
)
_TITLES = frozenset("h1 h2 h3 h4 h5 h6 dt summary".split())
_SHORT = 60  # visible characters
_CONSENT = re.compile(
    r"^(?:onetrust-|cybotcookiebot|usercentrics|didomi-|qc-cmp2?-|sp_message_container|truste-|cookie-law-info|cmplz-|"
    r"iubenda-cs|klaro|borlabscookie|cmpbox|cmpwrapper|axeptio|osano-cm|termly-|tarteaucitron|moove_gdpr|gdpr-consent|"
    r"cookiescript_|cookieconsent|cookie-?(?:banner|notice|consent|bar|popup|modal|dialog)|consent-?(?:banner|dialog|modal)"
    r"|hs-eu-cookie|evidon-|ccc$|cookiefirst)",
    re.IGNORECASE,
)


def is_furniture(element: Any, root: Any, words: int) -> bool:
    """Whether an element is not part of an article, such as a menu or a form; `words` is the page's prose."""
    tag = element.tag
    if element is root or tag in ("html", "body", "main", "article"):
        return False
    if _CONSENT.match(element.get("id", "")):
        return True
    if tag == "button" and _opens(element):
        return False
    if tag in _FURNITURE or element.get("role") in _ROLES or (tag == "header" and not _in_article(element)):
        return _is_minor(element, words)
    named = f"{element.get('class', '')} {element.get('id', '')}"
    is_named = _ALWAYS.search(named) or _ABOUT.search(named) or (_MAYBE.search(named) and _leads_away(element, named))
    return bool(tag in BLOCKS and is_named and not _has_article(element) and _is_minor(element, words))


def _opens(button: Any) -> bool:
    """Whether a button opens a part of the page below it, such as the answer to a question."""
    return button.getparent().tag in _TITLES or any(map(button.get, ("aria-controls", "aria-expanded")))


def _leads_away(element: Any, named: str) -> bool:
    """Whether an element is mostly links and buttons, or only a few words and named just after its function."""
    characters = shown(element)
    return 2 * prose(element) <= characters or (characters <= _SHORT and _ALONE.search(named) is not None)


def _in_article(element: Any) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def _is_minor(element: Any, words: int) -> bool:
    """Whether most of the page is elsewhere; otherwise the name is a style of the whole page."""
    return prose(element) <= words // 2


def _has_article(element: Any) -> bool:
    """Whether an element says that it holds an article, which outweighs its name."""
    return bool(element.xpath('boolean(.//h1 | (. | .//*)[contains(concat(" ", @itemprop, " "), " articleBody ")])'))


def prose(element: Any) -> int:
    """The number of visible characters that are not those of links and buttons."""
    return shown(element) - sum(map(shown, element.iter("a", "button")))
