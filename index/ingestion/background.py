"""Background of an encoder: the cosines of everyday questions with passages of a collection about other things."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.arrays import Halves, Scores, Vectors
from index.encoder.encoder import Encoder

SAMPLE = 500  # passages
_REFERENCE = 0.075  # spread of all-MiniLM-L6-v2, the scale that weights and rules are made for
_LEAST = 1e-3  # a smaller spread tells nothing


@dataclass(frozen=True, slots=True)
class Background:
    """Mean and standard deviation of the cosines of unrelated texts."""

    mean: float = 0.0
    spread: float = _REFERENCE

    def standardised(self, cosines: Scores) -> Scores:
        """The cosines mapped to a background of mean 0 and standard deviation 0.075."""
        return np.asarray((cosines - self.mean) * (_REFERENCE / self.spread), np.float32)


UNKNOWN = Background()  # maps every cosine to itself


def sample_rows(count: int) -> Sequence[int]:
    """Row numbers of at most 500 of `count` passages, evenly spaced."""
    return [int(row) for row in np.linspace(0, count - 1, min(count, SAMPLE))]


def measure_background(encoder: Encoder, passages: Halves | Vectors) -> Background:
    """The background of an encoder on these passage vectors, shape (passages, dimension)."""
    if not len(passages):
        return UNKNOWN
    cosines = encoder.questions(EVERYDAY) @ np.asarray(passages, np.float32).T
    mean, spread = float(cosines.mean()), float(cosines.std())
    return Background(round(mean, 5), round(spread, 5)) if spread >= _LEAST else UNKNOWN


EVERYDAY = """\
How do I get chewing gum out of a carpet?
What is the best way to peel garlic?
How often should I water a cactus?
Who wrote the song on the radio this morning?
Can I freeze cooked potatoes?
What size of bed fits two adults?
How do I tune a guitar by ear?
Which wine goes with fried fish?
Why does my knee hurt when I climb stairs?
What should I wear to a summer wedding?
How long does paint need to dry?
Where can I park near the old town?
How do I teach a child to ride a bicycle?
What is a good name for a grey kitten?
Is it rude to leave a tip here?
How do I fold a fitted sheet?
Which tyres do I need for snow?
What time does the swimming pool close?
How do I cancel a gym membership?
Who played the villain in that film?
How many eggs go into a sponge cake?
What does this washing label mean?
How do I remove a scratch from a phone screen?
Do I need a visa for a week at the beach?
How do I stop a tap from dripping?
Which exercises are good for the neck?
What is the difference between jam and jelly?
How do I write a letter of complaint to a hotel?
How much pocket money should a teenager get?
What can I cook with leftover rice and beans?
How do I clean suede shoes?
When is the best time to plant tulips?
How do I play chess against myself?
What is a polite way to end a phone call?
Which bus goes from the station to the harbour?
How do I get rid of ants in the kitchen?
What was the name of the dog in the cartoon?
How do I knit a simple scarf?
How loud may a party be after ten at night?
Who won the tennis match yesterday?
""".splitlines()
