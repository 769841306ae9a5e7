"""Foreign questions: whether a question is in a language that no article is in."""

from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.keywords.tokenizer import tokenise
from index.keywords.vocabulary import Vocabulary
from index.patterns import lazy_regex

_SHARE = 0.8  # of a question's letters, from which their script is that of the question
_KANA_SHARE = 0.1  # the same of the signs that Japanese alone has
_WRITTEN_IN = {
    lazy_regex(f"[{script}]"): languages
    for script, languages in {
        r"\p{Hiragana}\p{Katakana}": "ja",
        r"\p{Han}": "zh yue wuu lzh ja",
        r"\p{Hangul}": "ko",
        r"\p{Cyrillic}": "ru uk be bg sr mk kk ky mn tg tt",
        r"\p{Greek}": "el grc",
        r"\p{Arabic}": "ar fa ur ps ckb ug sd",
        r"\p{Hebrew}": "he yi",
        r"\p{Thai}": "th",
        r"\p{Devanagari}": "hi mr ne sa",
    }.items()
}  # the languages of each script, as codes
_LETTER, _LATIN, _WORD = (lazy_regex(each) for each in (r"\p{L}", r"\p{Latin}", r"[\p{L}\p{M}\p{N}]+"))
_COMMON = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to that for with was were from are by which has have been what who how why when where is does"
        " did do in many much a an as at be can it no not on or you",
        "de": "der die das und ist sind war wurde wie was wer wo wann warum welche welcher viel viele ein eine im in"
        " von mit den dem des für hat gibt auf zu nicht",
        "fr": "le la les des du un une est sont était qui que quoi quel quelle quels combien comment pourquoi où quand"
        " dans et pour avec sur par au aux il en",
        "es": "el la los las del un una es son fue qué que quién cuál cuánto cuántos cómo por dónde cuándo en y para"
        " con se hay de más",
        "it": "il lo la gli le del della dei un una è sono che chi cosa quale quanto quanti come perché dove quando nel"
        " e per con di",
        "pt": "o os as do da dos das um uma é são foi que quem qual quais quanto quantos como por onde quando em e para"
        " com no na de mais",
        "nl": "de het een van en is zijn was wie wat waar wanneer waarom hoe hoeveel welke in op voor met te er niet"
        " aan uit",
    }.items()
}  # common words of the languages that are told apart in Latin script
_LEAST = 2  # common words that tell the language


def article_languages(question: str, articles: Catalogue, facets: Facets, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of the articles' languages, the most frequent first, if the question is clearly in none of them.

    Empty for any other question: also for one whose words, names and common ones aside, occur in some article, and
    where the language of an article is not known.
    """
    values = {name: value for name, value in facets.languages.items() if "-" not in name}  # regions are within these
    ours = frozenset(values)
    common = _common_words(question, ours)
    if common is None or sum(len(value.rows) for value in values.values()) < len(articles):
        return ()
    words = (word for word in _WORD.findall(question) if len(word) > 1 and word.islower() and word not in common)
    shared = vocabulary.document_frequencies(tokenise(" ".join(words)))
    return () if shared else tuple(value.name for value in values.values())


def _common_words(question: str, ours: frozenset[str]) -> frozenset[str] | None:
    """The common words of the language of a question, if that is clearly none of `ours`; None otherwise."""
    letters = "".join(_LETTER.findall(question))
    if not ours or not letters:
        return None
    for script, languages in _WRITTEN_IN.items():
        share = len(script.findall(letters)) / len(letters)
        if share >= (_KANA_SHARE if languages == "ja" else _SHARE):
            return frozenset() if ours.isdisjoint(languages.split()) else None
    if len(_LATIN.findall(letters)) < _SHARE * len(letters):
        return None
    latin = ours.difference(*(languages.split() for languages in _WRITTEN_IN.values()))
    said = [word.lower() for word in _WORD.findall(question)]
    counts = {code: sum(word in words for word in said) for code, words in _COMMON.items()}
    theirs = max(counts, key=lambda code: counts[code])
    if not latin:
        return _COMMON[theirs]
    least = max(_LEAST, *(counts.get(code, len(said)) + 1 for code in latin))
    return _COMMON[theirs] if counts[theirs] >= least else None
