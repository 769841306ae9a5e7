"""txtai with texts kept, vectors and keywords together: `python -m eval.speed.rivals.hybrid MODEL`."""

from eval.speed.rivals.txtai import Txtai
from eval.speed.stage import perform


class Hybrid(Txtai):
    """Its hybrid index with its own defaults."""

    options = {"content": True, "hybrid": True}


if __name__ == "__main__":
    perform(Hybrid)
