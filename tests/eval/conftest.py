"""What the tests of the evaluation share."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def resamples() -> Iterator[None]:
    """Draw a tenth as often for intervals; how near they are is held by `test_measures.py`, which draws in full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eval.measures._RESAMPLES", 200)
        yield
