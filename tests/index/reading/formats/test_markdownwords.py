"""The words of Markdown, counted without a parser, and the account that comes from them."""

import time
from collections import Counter
from contextlib import suppress

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.markdown import markdown_blocks, markdown_extract
from index.reading.formats.markdownwords import dropped_words

MARKS = "Markdown marks and link addresses"


@pytest.mark.parametrize(
    "source",
    [
        "# One\n\n1. Two [three](https://a.example/four) [five][six]\n\n[six]: https://b.example 'seven'",
        "```python\nx = [1]\n```\n\nsnake\\_case **bo**ld R&amp;D <https://c.example>",
        "|Year|Share|\n|-|-|\n|2024|6.9%|",
        "绿茶不\n发酵。",
        "1. One\n2. Two\n\n   > [!note]- Title\n   > Text\n\n1986. The year",
        "> [!WARNING]\n> Text [[Page|words]] [a](<b c> 'd').",
        'It fell.[^1]\n\n[^1]: Customs.\n[^2]: Minutes "of the board"\n\n    More.',
        '[Note]: Closed.\n\n[a]: b.html\n\n[c]:\n  /d "e"',
        "~~50~~ 80\n\n<!-- a\n\nb --> \n%% c %% d\n\n%%\ne\n\nf\n%%",
        "$$\na*b\n- c\n$$\n\n2*3*4 \\(u*v*w\\)",
        "`&amp;` <!-- open",
        "[ship](a)s, [[Ship|ship]]s, a<!-- b -->c, d~~e~~f, [g][h]i\n\n[h]: /j",
        "|Year|*Share*|\n|-|-|\n|2024|~~6~~ 7|\n|2025||",
    ],
)
def test_no_word_is_unsaid_where_only_marks_and_addresses_go(source: str) -> None:
    said = "\n".join(text for _, text in markdown_blocks(source))
    assert list(dropped_words(source, said)) == []
    extract = markdown_extract(source)
    assert extract.characters == visible(source) == visible(said) - extract.repeated + sum(extract.skipped.values())


def test_a_word_that_the_text_leaves_out_is_found_and_not_called_a_mark() -> None:
    assert list(dropped_words("# One\n\nTwo *three* four.", "One\nTwo four.")) == ["three"]
    assert list(dropped_words("17. Mai, 17 Uhr", "Mai, 17 Uhr")) == ["17"]
    assert list(dropped_words("2*3*4 = 24", "234 = 24")) == ["2*3*4"]
    assert list(dropped_words("[Note]: Closed.\n\n[^1]: Customs.", "[^1]")) == ["Note", "Closed", "Customs"]


def test_a_dropped_word_is_lost_and_not_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.formats.markdown._inline", lambda *_: "")
    extract = markdown_extract("# One\n\n*Two*")
    assert (extract.characters, extract.blocks, +Counter(extract.skipped)) == (9, [], {MARKS: 3})


@pytest.mark.parametrize(
    "opener",
    [
        "<!--",
        "%% ",
        "<!--\n",
        "%%\n",
        "$$\n",
        "\\[\n",
        "$a",
        "\\(",
        "~~a ",
        pytest.param("[[a", marks=pytest.mark.slow),
        "[^a]: ",
        "](a '",
    ],
)
def test_many_openers_without_an_end_take_no_time(opener: str) -> None:
    began = time.process_time()
    with suppress(BadArticle):  # too deep
        markdown_extract(opener * 20_000)
    assert time.process_time() - began < 10


def test_blank_lines_after_a_link_that_is_not_closed_are_passed_once() -> None:
    assert list(dropped_words("[Quay](" + "\n" * 50_000, "Quay")) == []
