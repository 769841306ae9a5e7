import pytest

from index.reading.formats.pdflines import HYPHEN, Line, Page, Part, parts, without_running

SIZE, RIGHT = 10.0, 400.0


def line(text: str, top: float, right: float = RIGHT, size: float = SIZE, left: float = 72) -> Line:
    return Line(text, left, right, top, top, size)


def page(*texts: str, top: float = 700) -> Page:
    """Lines under each other that all reach the right edge."""
    return Page([line(text, top - 12 * row) for row, text in enumerate(texts)], 800)


def said(*pages: Page) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in parts(pages)[0]]


def test_full_lines_are_one_paragraph() -> None:
    assert said(page("The harbour was", "dredged, and ships", "came in.")) == [
        ("paragraph", "The harbour was dredged, and ships came in.")
    ]


@pytest.mark.parametrize(
    "second",
    [
        line("dredged.", 670),  # a gap
        line("dredged.", 688, size=8),  # smaller letters
        line("• dredged.", 688),
        line("2. dredged.", 688),
        line("（一） dredged.", 688),
        line("dredged.", 712),  # above: another column
    ],
)
def test_a_line_that_stands_apart_is_a_block_of_its_own(second: Line) -> None:
    found, _ = parts([Page([line("The harbour was", 700), second], 800)])
    assert [(part.text, part.continues) for part in found] == [("The harbour was", False), (second.text, False)]


def test_a_line_with_room_for_the_next_word_ends_its_paragraph() -> None:
    lines = [line("Short.", 700, right=150), line("Another paragraph that reaches far", 688)]
    assert said(Page(lines, 800)) == [("paragraph", "Short."), ("paragraph", "Another paragraph that reaches far")]


@pytest.mark.parametrize(
    ("lines", "text", "dropped"),
    [
        ([f"one gene{HYPHEN}", "ration"], "one generation", 1),
        ([f"a well{HYPHEN}", "known ship"], "a well-known ship", 0),
        ([f"the year 2024{HYPHEN}", "5 was"], "the year 2024-5 was", 0),
        ([f"the MH370{HYPHEN}", "crash was"], "the MH370-crash was", 0),
        ([f"the Anglo{HYPHEN}", "Dutch war"], "the Anglo-Dutch war", 0),
        (["deep-sea ships,", f"deep{HYPHEN}", "sea"], "deep-sea ships, deep-sea", 0),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_where_the_word_has_none(lines: list[str], text: str, dropped: int) -> None:
    found, count = parts([page(*lines)])
    assert ([part.text for part in found], count) == ([text], dropped)


@pytest.mark.parametrize(("size", "kind"), [(11.5, "heading"), (11.4, "paragraph")])
def test_a_line_of_larger_letters_is_a_heading(size: float, kind: str) -> None:
    body = [line("The harbour was dredged again", 700 - 12 * row) for row in range(5)]
    assert said(Page([line("Ports", 760, size=size), *body], 800))[0] == (kind, "Ports")


@pytest.mark.parametrize(
    ("first", "second", "continues"),
    [
        ("The harbour was", "dredged.", True),
        ("The harbour was", "Dredged.", False),
        ("The harbour was dredged.", "and more", False),
        ("The harbour was dredged.”", "and more", False),
        ("会议总结了", "工作。", True),
        ("会议总结了。", "工作。", False),
        ("The harbour was", "• dredged", False),
    ],
)
def test_a_sentence_goes_on_over_the_edge_of_a_page(first: str, second: str, continues: bool) -> None:
    found, _ = parts([page(first), page(second)])
    second_part = Part("item" if second.startswith("•") else "paragraph", second, 2, continues)
    assert found == [Part("paragraph", first, 1), second_part]


def running(top: float, count: int, pages: int) -> tuple[list[str], int]:
    """Remaining lines of pages of which so many have the same line at this height."""
    heads = [[line(f"Report {number}", top)] if number < count else [] for number in range(pages)]
    kept, dropped = without_running([Page([*head, line("Text.", 400)], 800) for head in heads])
    return [one.text for page in kept for one in page.lines], dropped


def test_what_recurs_at_an_edge_of_pages_is_dropped_and_counted() -> None:
    assert running(780, 3, 3) == (["Text."] * 3, 21)
    assert running(20, 4, 10) == (["Text."] * 10, 28)


@pytest.mark.parametrize(("top", "count", "pages"), [(780, 2, 3), (780, 3, 10), (690, 3, 3), (110, 3, 3)])
def test_what_recurs_seldom_or_away_from_the_edges_is_kept(top: float, count: int, pages: int) -> None:
    kept, dropped = running(top, count, pages)
    assert (kept.count("Text."), len(kept), dropped) == (pages, pages + count, 0)


def test_a_watermark_goes_from_pages_that_all_have_it_and_stands_alone_else() -> None:
    mark = Line("DRAFT", 100, 300, 400, 400, 0)
    marked = Page([mark, line("Text.", 400)], 800)
    assert without_running([marked] * 3) == ([Page([line("Text.", 400)], 800)] * 3, 15)
    assert said(marked) == [("paragraph", "DRAFT"), ("paragraph", "Text.")]


def test_a_row_of_a_table_stands_alone() -> None:
    row = Line("Bremen 124", 72, RIGHT, 700, 700, SIZE, apart=True)
    assert said(Page([row, line("Emden", 688)], 800)) == [("paragraph", "Bremen 124"), ("paragraph", "Emden")]
