"""Articles written into a build and read back, character for character."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.article import Article, Block, Place, Source
from index.articles.catalogue import Entry
from index.errors import DamagedIndex
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.stored import write_texts

MOON = Article(
    id="moon",
    title='The "Moon"\u2028: soil',
    text="Soil\nDry: 𝕊 茶 é.",
    blocks=(Block("heading", 0, 4), Block("paragraph", 5, 16)),
    sha256="a" * 64,
    publisher="Night Sky Notes",
    published="2024-06",
    url="https://moon.example/soil",
    sources=(Source("Return", "Agency", "2024", "https://space.example"), Source("Log")),
    language="en",
    file="moon.pdf",
    pages=(0, 5),
    places=((0, Place("sheet", 1, "Soil; “dry”")), (5, Place("slide", 2))),
)
TEA = Article(id="zh/tea", title="茶", text="绿茶不发酵。", blocks=(Block("item", 0, 6),), sha256="b" * 64)


@pytest.fixture
def texts(tmp_path: Path) -> BuildCatalogue:
    """The two articles above, written and opened."""
    write_texts([MOON, TEA], tmp_path)
    return BuildCatalogue(tmp_path)


def test_articles_come_back_as_they_were(texts: BuildCatalogue) -> None:
    assert [texts[row] for row in range(len(texts))] == [MOON, TEA]


def test_an_article_is_found_by_its_id(texts: BuildCatalogue) -> None:
    assert texts.by_id("zh/tea") == TEA
    assert texts.by_id("tea") is None


def test_the_list_of_articles_needs_no_text(texts: BuildCatalogue, tmp_path: Path) -> None:
    assert list(texts.entries()) == [
        Entry("moon", 'The "Moon"\u2028: soil', "Night Sky Notes", "2024-06"),
        Entry("zh/tea", "茶", "", ""),
    ]


def test_opened_articles_outlive_the_deletion_of_their_files(texts: BuildCatalogue, tmp_path: Path) -> None:
    for path in tmp_path.iterdir():
        path.unlink()

    assert texts[1] == TEA


_strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60)
@given(st.lists(st.tuples(_strings, _strings.filter(bool)), min_size=1, max_size=5))
def test_any_characters_survive(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("texts")
    articles = [
        Article(id=str(number), title=title, text=text, blocks=(Block("paragraph", 0, len(text)),), sha256="")
        for number, (title, text) in enumerate(pairs)
    ]
    write_texts(articles, folder)

    read = BuildCatalogue(folder)

    assert [read[row] for row in range(len(read))] == articles


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("blocks", [["paragraph", 0]]),
        ("pages", ["one"]),
        ("places", [[0, "row"]]),
        ("sources", [{"titel": "Log"}]),
        ("text", [0]),
        ("text", None),
    ],
)
def test_an_altered_line_is_damage_when_its_article_is_read(field: str, value: object, tmp_path: Path) -> None:
    write_texts([MOON, TEA], tmp_path)
    path = tmp_path / "articles.jsonl"
    first, second = path.read_text("utf-8").split("\n")[:2]
    path.write_text(f"{first}\n{json.dumps({**json.loads(second), field: value})}\n", "utf-8")
    texts = BuildCatalogue(tmp_path)

    assert texts[0] == MOON
    with pytest.raises(DamagedIndex, match=rf"{tmp_path} is damaged \(zh/tea: .*\)\. Rebuild it: .* --force"):
        texts.by_id("zh/tea")


def test_a_text_that_is_no_longer_utf_8_is_damage_when_it_is_read(tmp_path: Path) -> None:
    write_texts([MOON, TEA], tmp_path)
    path = tmp_path / "texts.txt"
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + b"\xff")
    texts = BuildCatalogue(tmp_path)

    with pytest.raises(DamagedIndex, match=rf"{tmp_path} is damaged \(zh/tea: 'utf-8' codec"):
        texts.by_id("zh/tea")


@pytest.mark.parametrize("line", ['{"id": "moon"}', "{}", "[]"])
def test_a_line_without_its_fields_is_refused(line: str, tmp_path: Path) -> None:
    write_texts([MOON, TEA], tmp_path)
    (tmp_path / "articles.jsonl").write_text(line, "utf-8")

    with pytest.raises(ValueError, match=r"articles\.jsonl has other fields"):
        BuildCatalogue(tmp_path)
