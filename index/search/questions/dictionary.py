"""A dictionary: words that are spelled rightly, though no article may have them."""

from functools import cache

from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.errors import BadModel


@cache
def rightly_spelled() -> frozenset[str]:
    """The words that the default encoder's vocabulary has whole, in lower case, without accents.

    They are the commonest words and names of English texts (WordPiece, Wu et al. 2016), rarely a wrong spelling.
    Empty where the package of the default encoder is not installed.
    """
    try:
        lines = (model_folder(DEFAULT_MODEL) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    except (BadModel, OSError):
        return frozenset()
    return frozenset(line for line in lines if line.isalpha())
