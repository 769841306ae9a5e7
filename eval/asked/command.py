"""The commands on questions that were asked: `inbox` and `diff`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.reply import answer_of
from eval.asked.difference import as_built, differences, differences_text
from eval.asked.inbox import sort_inbox
from eval.asked.logged import most_asked, of_set
from index.cli.runner import FELL, OK
from index.encoder.torch_encoder import encode_on_one_thread
from index.search.models import Models, chosen_models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.store import Store
from index.stores.address import open_location
from index.stores.location import Location


def inbox(arguments: argparse.Namespace) -> int:
    """Show the unanswered questions of a log one by one, and make tests of them."""
    asked = most_asked(arguments.log, lambda line: line.verdict != "answer" or line.helpful is False)
    collection = Collection.of(Searcher.open(arguments.index.open()))
    added = sort_inbox(asked, collection, arguments.set, sys.stdin, lambda text: print(text, file=sys.stderr))
    print(f"{added} tests were added to {arguments.set}. Check them: python -m eval check --set {arguments.set}")
    return OK


def diff(arguments: argparse.Namespace) -> int:
    """Print which answers differ between two builds; exit 1 where one was lost."""
    models = chosen_models(arguments.reader)
    encode_on_one_thread()  # as the served application does
    stores = (_opened(name, arguments.index) for name in arguments.builds)
    before, after = (as_built(_calibrated(store, arguments.index, models)) for store in stores)
    if arguments.log:
        questions = [(Question(text), count) for text, count in most_asked(arguments.log)[: arguments.most]]
    else:
        questions = [(question, 0) for question in of_set(arguments.set)]
    found = differences(questions, _ask(before), _ask(after))
    print(differences_text(found))
    return FELL if any(each.change == "lost" for each in found) else OK


def _opened(name: str, location: Location) -> Store:
    """The store of a build that the location keeps, or of another location."""
    elsewhere = "://" in name or Path(name, "CURRENT").is_file()
    return open_location(name).open() if elsewhere else location.open_kept(name)


def _calibrated(store: Store, location: Location, models: Models) -> Collection:
    return Collection.calibrated(Searcher.open(store).with_models(models), location)


def _ask(collection: Collection) -> Callable[[Question], Answer]:
    return lambda question: answer_of(collection, question)
