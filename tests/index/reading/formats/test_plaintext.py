import pytest

from index.reading.formats.extract import Header
from index.reading.formats.plaintext import plaintext_extract
from index.reading.loader import read_article
from tests.conftest import PROJECT

SEEDS = PROJECT.parent / "shared" / "seeds"
NOISY = """\
 date 2025-03-04 Harbour minister urges steady, patient dredging

Tidewire, March 4, 2025

Ana Silva, minister of harbours, speaks in Lisbon, March 3, 2025. (Tidewire/Rui Costa)

LISBON, March 3 (Tidewire) -- Ana Silva on Monday urged dredging. She named no date.
"""
BARE = """\
Key Harbour Tasks Set for 2025
A series of tasks was set for 2025 at a meeting in Lisbon on March 3 and 4. The meeting ended on time.
In her report, Ana Silva named 2024 as a good year.
"""
WRAPPED = """\
The harbour was dredged for the first time in a generation, and the
first ships of more than nine metres' draught came in on the evening
tide of March 3.
"""


def plaintext_blocks(source: str) -> tuple[Header, list[tuple[str, str]]]:
    extract = plaintext_extract(source)
    return extract.header, list(extract.blocks)


def header(source: str) -> Header:
    return plaintext_blocks(source)[0]


def paragraphs(source: str) -> list[str]:
    return [text for _, text in plaintext_blocks(source)[1]]


def test_header_noise_gives_title_and_date_and_the_byline_the_publisher() -> None:
    found, blocks = plaintext_blocks(NOISY)
    assert found == Header("Harbour minister urges steady, patient dredging", "Tidewire", "2025-03-04")
    assert blocks == [
        ("heading", "Harbour minister urges steady, patient dredging"),
        ("paragraph", "Tidewire, March 4, 2025"),
        (
            "paragraph",
            "Ana Silva, minister of harbours, speaks in Lisbon, March 3, 2025. (Tidewire/Rui Costa)",
        ),
        (
            "paragraph",
            "LISBON, March 3 (Tidewire) -- Ana Silva on Monday urged dredging. She named no date.",
        ),
    ]


def test_a_bare_text_has_its_title_and_no_publisher_or_date_that_it_does_not_name() -> None:
    found, blocks = plaintext_blocks(BARE)
    assert found == Header("Key Harbour Tasks Set for 2025", "", "")
    assert blocks == [
        ("heading", "Key Harbour Tasks Set for 2025"),
        (
            "paragraph",
            "A series of tasks was set for 2025 at a meeting in Lisbon on March 3 and 4. The meeting ended on time.",
        ),
        ("paragraph", "In her report, Ana Silva named 2024 as a good year."),
    ]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the raw documents of ../shared/seeds are not here")
@pytest.mark.parametrize(
    ("prefix", "title", "publisher", "published"),
    [
        ("000", "Senior Chinese official urges steady, sustained sci-tech progress", "Xinhua", "2026-01-27"),
        ("004", "Key Sci-tech Tasks Set for 2026", "", ""),
    ],
)
def test_the_raw_documents_have_the_right_header(prefix: str, title: str, publisher: str, published: str) -> None:
    [path] = SEEDS.glob(f"{prefix}*.txt")
    reading = read_article(path, path.stem, 1_000_000)
    article = reading.article
    assert (article.title, article.publisher, article.published) == (title, publisher, published)
    assert reading.notes == ()
    first, end = article.blocks[0].start, article.blocks[0].end
    assert (article.blocks[0].kind, article.text[first:end]) == ("heading", title)
    visible = "".join(path.read_text("utf-8").removeprefix(" date 2026-01-27 ").split())
    assert "".join(article.text.split()) == visible


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("January 27, 2026", "2026-01-27"),
        ("Jan. 7, 2026", "2026-01-07"),
        ("Jan 7, 2026", "2026-01-07"),
        ("Sept. 7, 2026", "2026-09-07"),
        ("September 7, 2026", "2026-09-07"),
        ("2026-01-27", "2026-01-27"),
        ("February 30, 2026", ""),
        ("Smarch 3, 2026", ""),
        ("2026-13-01", ""),
    ],
)
def test_the_bylines_date_is_read_in_every_common_form(written: str, published: str) -> None:
    publisher = "Tidewire" if published else ""
    assert header(f"A title\nTidewire, {written}\nLISBON (Tidewire) -- Text.") == Header(
        "A title", publisher, published
    )


@pytest.mark.parametrize("credit", ["(Tidewire) --", "(Tidewire/Rui Costa)"])
def test_a_publisher_names_itself_again_in_brackets(credit: str) -> None:
    source = f"A title\n\nTidewire, March 4, 2025\n\nLISBON {credit} It rose."
    assert header(source) == Header("A title", "Tidewire", "2025-03-04")


@pytest.mark.parametrize("name", ["Monday", "Lisbon", "Ana Silva", "Tidewire"])
def test_a_name_that_the_text_does_not_confirm_is_no_publisher(name: str) -> None:
    source = f"A title\n\n{name}, March 4, 2025\n\nLISBON, March 3 -- Ana Silva of Tidewire spoke on Monday."
    assert header(source) == Header("A title", "", "2025-03-04")


@pytest.mark.parametrize(
    "line", ["Updated: March 4, 2025", "Tidewire, March 4, 2025.", "On a quay, in Lisbon, March 4, 2025"]
)
def test_a_line_that_is_more_than_name_and_date_is_no_byline(line: str) -> None:
    assert header(f"A title\n\n{line}\n\nText (Tidewire).") == Header("A title", "", "")


@pytest.mark.parametrize("noise", ["date 2025-13-01 A title", "date soon A title"])
def test_noise_without_a_real_date_is_left_as_it_stands(noise: str) -> None:
    assert plaintext_blocks(f"{noise}\nText.") == (Header(noise), [("heading", noise), ("paragraph", "Text.")])


@pytest.mark.parametrize(
    "source",
    [
        "Only one line",
        "The harbour was dredged.\nShips came.",
        "Contents:\nText.",
        "港口已经疏浚。\n船来了。",
        "First sentence. And a second\nText.",
        "“We dredged it.”\nShe said so.",
        "---\nText.",
        "x" * 201 + "\nText.",
        "The harbour was dredged in\nthe spring.",
    ],
)
def test_a_first_line_that_may_be_no_title_is_none(source: str) -> None:
    found, blocks = plaintext_blocks(source)
    assert found == Header()
    assert blocks == [("paragraph", line) for line in source.split("\n")]


@pytest.mark.parametrize("title", ["港口疏浚完成", "Is it deep enough?", "U.S. ships sail", "Ships “sail”"])
def test_a_short_line_above_the_text_is_its_title(title: str) -> None:
    assert plaintext_blocks(f"\n\n{title}\nText.") == (Header(title), [("heading", title), ("paragraph", "Text.")])


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    joined = WRAPPED.strip().replace("\n", " ")
    assert plaintext_blocks(f"Deep enough\n\n{WRAPPED}\n{WRAPPED}") == (
        Header("Deep enough"),
        [("heading", "Deep enough"), ("paragraph", joined), ("paragraph", joined)],
    )


def test_hard_wrapped_chinese_is_joined_without_a_space() -> None:
    line = "港口三十年来第一次疏浚，三月三日傍晚第一批吃水超过九米的船随潮进港"
    assert paragraphs(f"港口\n\n{line}\n{line}\n完成。") == ["港口", f"{line}{line}完成。"]


def test_a_byline_is_not_joined_to_a_title_as_long_as_a_wrapped_line() -> None:
    title = "Harbour minister urges steady, patient dredging of every port"
    source = f"{title}\nTidewire, March 4, 2025\n{WRAPPED}\n(Tidewire)"
    assert header(source) == Header(title, "Tidewire", "2025-03-04")
    assert paragraphs(source) == [title, "Tidewire, March 4, 2025", WRAPPED.strip().replace("\n", " "), "(Tidewire)"]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "The harbour was dredged for the first time in a generation.",
            "The first ships came in on the evening tide of March 3.",
        ]
        * 2,
        ["A short line", "and another", "and one more"],
        ["x" * 60, "y" * 101],
        ["x" * 60, "y" * 49, "z" * 60],
    ],
)
def test_lines_that_were_not_wrapped_stay_apart(lines: list[str]) -> None:
    assert paragraphs("Ports.\n\n" + "\n".join(lines)) == ["Ports.", *lines]


def test_space_inside_a_line_is_one_space_and_blank_lines_go() -> None:
    assert paragraphs("\n \nA   title\n\t\n\n  A\tshort \u3000 text.  \n") == ["A title", "A short text."]


@pytest.mark.parametrize("source", ["", "\n \n\t\n"])
def test_no_text_gives_no_block(source: str) -> None:
    assert plaintext_blocks(source) == (Header(), [])


def test_a_title_line_alone_is_kept_as_text() -> None:
    assert plaintext_blocks("date 2025-03-04 A title") == (
        Header("A title", "", "2025-03-04"),
        [("heading", "A title")],
    )
