from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.loader import read_article
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

WORDS = st.sampled_from(
    ["tea", "Leaf", "茶。", "2.8%", "Dr.", "é", "<b>", "&amp;", "“so”", "U.S.", "grows.", "why?", "\U0001f375"]
)
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["", "## ", "- ", "> ", "    "]), LINES).map("".join), min_size=1, max_size=8
)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(TEXTS.map("\n\n".join), min_size=1, max_size=3), LINES)
def test_every_quote_is_verbatim_in_its_file_and_every_highlight_lies_in_its_quote(
    texts: list[str], words: str
) -> None:
    with TemporaryDirectory() as base:
        folder = write_articles(Path(base, "articles"), {f"a{n}.md": text for n, text in enumerate(texts)})
        build(folder, Path(base, "index"), IDENTITY, load=HashingEncoder)
        answer = answer_to(searcher_of(Path(base, "index")), f"tea {words}", 20)
        citations = answer.citations or answer.closest
        assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
        assert citations
        for citation in citations:
            live = read_article(folder / f"{citation.article}.md", citation.article, 10**6).article
            assert citation.quote == live.text[citation.start : citation.end]
            assert citation.quote.strip() == citation.quote
            [(start, end)] = citation.highlight
            assert 0 <= start < end <= len(citation.quote)
