"""A page of a PDF as a picture: its passage in a frame, its sentence marked, and files that cannot be drawn."""

import struct
import zlib

import numpy as np
import numpy.typing as npt
import pytest

from index.errors import BadArticle
from index.reading.formats import pdfpicture
from index.reading.formats.pdfpicture import page_picture
from tests.files import DREDGED, pdf

FILE = pdf([["First page."], ["Before it.", *DREDGED, "After it."]])
PASSAGE, SENTENCE = " ".join(DREDGED), DREDGED[2]
YELLOW, BLUE = (255, 229, 138), (36, 87, 197)


def pixels(png: bytes) -> npt.NDArray[np.uint8]:
    width, height = struct.unpack(">II", png[16:24])
    length = struct.unpack(">I", png[33:37])[0]
    rows = np.frombuffer(zlib.decompress(png[41 : 41 + length]), np.uint8).reshape(height, 1 + 3 * width)
    return rows[:, 1:].reshape(height, width, 3)


def rows_of(picture: npt.NDArray[np.uint8], colour: tuple[int, int, int]) -> tuple[float, float]:
    """First and last row with the colour, in points from the top of the page."""
    rows = np.flatnonzero((picture == colour).all(2).any(1))
    scale = picture.shape[0] / 842
    return round(float(rows[0] / scale)), round(float(rows[-1] / scale))


def test_the_passage_stands_in_a_frame_and_its_sentence_is_marked() -> None:
    picture = pixels(page_picture(FILE, 2, PASSAGE, SENTENCE))
    assert picture.shape == (1698, 1200, 3)
    top, bottom = rows_of(picture, BLUE)  # its base lines are 96 to 124 points below the top
    assert (81 < top < 87, 124 < bottom < 132) == (True, True)
    first, last = rows_of(picture, YELLOW)
    assert (112 < first < 118, 124 < last < 128) == (True, True)


def test_a_passage_that_goes_on_elsewhere_is_framed_as_far_as_it_goes_and_one_of_another_page_not_at_all() -> None:
    longer = pixels(page_picture(FILE, 2, f"{PASSAGE} After it. And on the next page more.", SENTENCE))
    assert 132 < rows_of(longer, BLUE)[1] < 146
    bare = pixels(page_picture(FILE, 1, PASSAGE, SENTENCE))
    assert not ((bare == BLUE) | (bare == YELLOW)).all(2).any()


@pytest.mark.parametrize(("raw", "page"), [(b"%PDF-", 1), (FILE[:400], 1), (FILE, 3), (FILE, -9)])
def test_a_page_that_is_not_there_and_a_damaged_file_are_refused(raw: bytes, page: int) -> None:
    with pytest.raises(BadArticle, match="the page cannot be drawn"):
        page_picture(raw, page, "", "")


def test_a_page_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfpicture, "_PATIENCE", 0.01)
    with pytest.raises(BadArticle, match="the page cannot be drawn"):
        page_picture(FILE, 1, "", "")
