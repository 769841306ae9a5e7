import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.article import BlockKind
from index.errors import BadArticle
from index.reading.formats.markdown import join_soft_breaks, markdown_blocks, markdown_extract

NESTED_LIST = """\
- One
  - Two
    1. Three

       More of three.
- Four

After.
"""
TABLE = """\
| Year | Share | |
|------|------:|-|
| 2024 | **6.9%** | final |
| 2025 | | |
| 2026 |
"""


MARKS = "Markdown marks and link addresses"


def paragraph(source: str) -> str:
    """The text of a source that is one paragraph."""
    [(kind, text)] = markdown_blocks(source)
    assert kind == ("item" if text.startswith("1986") else "paragraph")
    return text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**Bold**, *slanted* and ***both***.", "Bold, slanted and both."),
        ("A `code *span*` here.", "A code *span* here."),
        ("A [link *text*](https://a.example 'Title').", "A link text."),
        ("A [reference][1].\n\n[1]: https://a.example", "A reference."),
        ("Look: ![a *red* kite](kite.png) flies.", "Look: a red kite flies."),
        ("<https://a.example/?q=1>", "https://a.example/?q=1"),
        ("R&amp;D \\*stars\\* and 2 \\< 3", "R&D *stars* and 2 < 3"),
        ("snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
        ("A <b>tag</b> &lt;i&gt;", "A <b>tag</b> <i>"),
        ("  too \t many   spaces  ", "too many spaces"),
        ("> Quoted\n> on.", "Quoted on."),
        ("A footnote[^1] and $x_1$", "A footnote[^1] and $x_1$"),
        ("2*3*4 = 24, 2**3**4, 3*n*2 and x**2**", "2*3*4 = 24, 2**3**4, 3*n*2 and x**2**"),
        ("增长**5**倍以上, un*frig*ging", "增长5倍以上, unfrigging"),
        ("So $a*b*c$ and $$x_1*y*z_1$$ and \\(u*v*w\\)", "So $a*b*c$ and $$x_1*y*z_1$$ and \\(u*v*w\\)"),
        ("It cost $5 for **each** man in US$ and \\[1\\]", "It cost $5 for each man in US$ and [1]"),
        ("See [[Quay rules|the *rules*]], ![[Plan]] and x[[i]]", "See the *rules*, Plan and x[[i]]"),
        ("The limit is ~~50 tonnes~~ 80 tonnes.", "The limit is 80 tonnes."),
        ("Paid <!-- 900 --> by %% whom %% us, 5%% of 6%%", "Paid by us, 5%% of 6%%"),
        ("[Note]: Closed.", "[Note]: Closed."),
        ("[Rule 2]: Trucks\nwait.", "[Rule 2]: Trucks wait."),
        ("1986. The year", "1986. The year"),
        ("<https://a.example/%C3%A9>", "https://a.example/%C3%A9"),
    ],
)
def test_marks_go_and_words_stay(source: str, text: str) -> None:
    assert paragraph(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("One line\nand the next.", "One line and the next."),
        ("绿茶不\n发酵。\n“红茶”\n发酵——\n完全", "绿茶不发酵。“红茶”发酵——完全"),
        ("增长\nGDP\n增长", "增长 GDP 增长"),
        ("한국\n기술", "한국 기술"),
        ("a —\n“b”", "a — “b”"),
        ("Hard  \nbreak\\\nhere", "Hard\nbreak\nhere"),
        ("粗**体\n字**。", "粗体字。"),
    ],
)
def test_a_wrapped_line_is_joined_as_its_script_wants_it(source: str, text: str) -> None:
    assert paragraph(source) == text


def test_html_is_text_like_any_other() -> None:
    source = "<div class='x'>\n<p>Kept</p>\n</div>\n\n<script>alert(1)</script>"
    assert [text for _, text in markdown_blocks(source)] == [
        "<div class='x'> <p>Kept</p> </div>",
        "<script>alert(1)</script>",
    ]


def test_headings_of_both_kinds_are_headings() -> None:
    assert markdown_blocks("# One #\n\n###### Six *em*\n\nTwo\n===\n\nText.") == [
        ("heading", "One"),
        ("heading", "Six em"),
        ("heading", "Two"),
        ("paragraph", "Text."),
    ]


def test_items_of_nested_lists_stand_on_lines_of_their_own() -> None:
    assert markdown_blocks(NESTED_LIST) == [
        ("item", "One"),
        ("item", "Two"),
        ("item", "1. Three"),
        ("item", "More of three."),
        ("item", "Four"),
        ("paragraph", "After."),
    ]


def test_a_row_names_its_columns() -> None:
    assert markdown_blocks(TABLE) == [
        ("row", "Year: 2024; Share: 6.9%; final"),
        ("row", "Year: 2025"),
        ("row", "Year: 2026"),
    ]


def test_a_column_name_that_no_row_says_is_kept_in_a_line_of_names() -> None:
    assert markdown_blocks("|a|b|\n|-|-|\n|1||") == [("row", "a; b"), ("row", "a: 1")]
    assert markdown_blocks("|a|b|\n|-|-|") == [("row", "a; b")]


def test_a_second_table_has_columns_of_its_own() -> None:
    tables = "|a|b|\n|-|-|\n|1|2|\n\nBetween.\n\n|c|d|e|\n|-|-|-|\n|3|4|5|\n|6|7|8|\n\nAfter."
    assert markdown_blocks(tables) == [
        ("row", "a: 1; b: 2"),
        ("paragraph", "Between."),
        ("row", "c: 3; d: 4; e: 5"),
        ("row", "c: 6; d: 7; e: 8"),
        ("paragraph", "After."),
    ]


@pytest.mark.parametrize("source", ["```python\nx  = [1]\n\n*y*\n```", "    x  = [1]\n\n    *y*"])
def test_code_keeps_its_words_and_lines(source: str) -> None:
    assert markdown_blocks(source) == [("code", "x = [1]\n*y*")]


@pytest.mark.parametrize(
    "source", ["", "\n \n", "***", "# ", "- \n- ", "[1]: https://a.example", "```\n```", "![](a.png)"]
)
def test_marks_without_a_word_give_no_block(source: str) -> None:
    assert markdown_blocks(source) == []


def nested(depth: int) -> str:
    return "\n".join("  " * level + f"- level {level}" for level in range(depth))


def test_nothing_is_lost_in_deep_lists_and_quotations() -> None:
    assert markdown_blocks(nested(49)) == [("item", f"level {level}") for level in range(49)]
    assert markdown_blocks(">" * 98 + " deep") == [("paragraph", "deep")]


@pytest.mark.parametrize("source", [nested(60), ">" * 5_000 + " lost", "> - " * 300 + "lost"])
def test_a_depth_that_the_parser_cannot_follow_is_an_error(source: str) -> None:
    with pytest.raises(BadArticle, match=r"lists or quotations lie over 50 deep in each other\. Flatten them"):
        markdown_blocks(source)


_LINES = st.text(st.sampled_from("ab茶 *_`[]()!#>|-+1.<&~\\\n\t"), max_size=60)


@given(_LINES)
def test_no_block_is_empty_or_has_space_that_nobody_sees(source: str) -> None:
    kinds: set[BlockKind] = {"heading", "paragraph", "item", "row", "code"}
    for kind, text in markdown_blocks(source):
        assert kind in kinds
        assert text
        assert text == "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


_MARKS = st.sampled_from(["\n\n", "\n", " ", " **x** ", "\n- ", "\n  - ", "\n\n1. ", "\n# ", "\n> ", "\n\n    "])


@given(st.lists(st.tuples(_MARKS, st.text("abc", min_size=1))))
def test_every_plain_word_stays_in_its_place(pieces: list[tuple[str, str]]) -> None:
    kept = " ".join(text for _, text in markdown_blocks("".join(mark + word for mark, word in pieces))).split()
    assert [word for word in kept if word not in ("x", "**x**", "1.")] == [word for _, word in pieces]


def test_lines_joined_many_at_once_are_the_same_as_joined_one_by_one() -> None:
    assert join_soft_breaks("\N{LINE SEPARATOR}".join(["word"] * 50_000)) == "word " * 49_999 + "word"


def test_footnotes_are_blocks_with_their_numbers() -> None:
    assert markdown_blocks('It fell.[^1]\n\n[^1]: Customs.\n[^b]: Minutes "of May"\n\n    More.\n\nOn.') == [
        ("paragraph", "It fell.[^1]"),
        ("paragraph", "[^1]: Customs."),
        ("paragraph", '[^b]: Minutes "of May"'),
        ("paragraph", "More."),
        ("paragraph", "On."),
    ]


def test_items_of_numbered_lists_keep_their_numbers() -> None:
    assert markdown_blocks("3) Three\n4) Four\n5)\n\n   ```\n   x\n   ```\n\n1. # Head\n2.") == [
        ("item", "3) Three"),
        ("item", "4) Four"),
        ("item", "5)"),
        ("code", "x"),
        ("heading", "1. Head"),
        ("item", "2."),
    ]


def test_a_callout_shows_its_title_or_its_kind() -> None:
    source = "> [!note]- Rule *2*\n> Text.\n\n> [!WARNING]\n> More.\n\n[!note] no callout"
    texts = ["Rule 2", "Text.", "WARNING", "More.", "[!note] no callout"]
    assert markdown_blocks(source) == [("paragraph", text) for text in texts]


def test_struck_text_and_comments_are_left_out_and_counted() -> None:
    extract = markdown_extract("~~50~~ 80\n\n<!-- a\n\nb -->\n\n%%\nc\n\nd\n%%\n\n`<!-- e -->` %% f %%\n\n<!-- open")
    assert extract.blocks == [("paragraph", "80"), ("paragraph", "<!-- e -->"), ("paragraph", "<!-- open")]
    assert extract.skipped == {MARKS: 6, "struck text": 2, "comments": 20}


def test_a_formula_keeps_its_lines_and_signs() -> None:
    assert markdown_blocks("So\n$$\na\n- b*c*d\n$$\n\nand\n\n\\[\nx\n= y\n\\]") == [
        ("paragraph", "So"),
        ("code", "$$\na\n- b*c*d\n$$"),
        ("paragraph", "and"),
        ("code", "\\[\nx\n= y\n\\]"),
    ]
