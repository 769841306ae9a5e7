"""txtai with texts kept, vectors and keywords together: `python -m eval.speed.rivals.hybrid MODEL`."""

from functools import partial

from eval.speed.rivals.txtai import Txtai
from eval.speed.stage import perform

if __name__ == "__main__":
    perform(partial(Txtai, content=True, hybrid=True))
