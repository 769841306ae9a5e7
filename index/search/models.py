"""The models that read the best hits of a search: the reader that is shipped, and a reranker of the owner's choice."""

import logging
from dataclasses import dataclass

from index.errors import BadModel
from index.reader.reader import Reader, load_reader
from index.reader.readers import NONE, SHIPPED
from index.search.reranker import Reranker, load_reranker

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Models:
    """The reader and the reranker; None where there is none."""

    reader: Reader | None = None
    reranker: Reranker | None = None


NO_MODELS = Models()


def chosen_models(reader: str = SHIPPED, reranker: str = "") -> Models:
    """The models of these names: a reader of READERS, and a reranker by hub name or folder, empty for none.

    A reader that cannot be used is logged, and search goes on without. Raises BadModel for the reranker.
    """
    return Models(_reader() if reader != NONE else None, load_reranker(reranker) if reranker else None)


def _reader() -> Reader | None:
    try:
        return load_reader()
    except BadModel as error:
        _log.error("%s. Search goes on without the reader", error)
        return None
