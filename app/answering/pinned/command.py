"""The command that prints the pins of an index, or keeps those of a file."""

import argparse
import sys
from pathlib import Path

from app.answering.pinned.leading import lost_pins
from app.answering.pinned.pins import BadPins, parsed_pins, read_pins, write_pins
from index.cli.runner import OK
from index.reading.freshness import Freshness


def pins(arguments: argparse.Namespace) -> int:
    """Keep the pins of the file beside the index, or print the kept ones as such a file. Raises BadPins."""
    location, path = arguments.index, arguments.file
    store = location.open()
    kept = read_pins(location) if path is None else parsed_pins(_text(path))
    for pin in lost_pins(kept, store.articles, Freshness(store.manifest.folder)):
        print(f"article {pin.article!r} does not hold {pin.quote[:60]!r}: it is not shown", file=sys.stderr)
    if path is None:
        print("".join(f"{pin.to_json()}\n" for pin in kept.all), end="")
    else:
        write_pins(location, kept.all)
        print(f"{len(kept.all)} pins are kept beside {location}; answers follow them from now on", file=sys.stderr)
    return OK


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPins(f"{path} cannot be read ({error})") from error
