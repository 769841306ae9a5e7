"""Which language a person reads, and that each language says everything."""

import json
import re
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.answer import LISTING, NOTES, NOTES_ON_REPLY
from app.answering.conversation.smalltalk import TOPICS
from app.answering.inventory.wording import NAMES
from app.answering.language import chosen, languages, of_locale
from app.answering.ways.all import WAYS
from app.web.trial import STATUS
from index.articles.article import PlaceKind
from index.articles.filters import Filters
from index.reading.freshness import State
from tests.conftest import PROJECT

APP = PROJECT / "app"
FILES = sorted((APP / "answering" / "languages").glob("*.json"))


@pytest.mark.parametrize(
    ("wanted", "accepted", "code", "asked"),
    [
        ("", "", "en", False),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh", False),
        ("", "en-GB,en;q=0.9,zh;q=0.8", "en", False),
        ("", "it,nl;q=0.9,zh;q=0.1", "zh", False),
        ("", "en;q=0.3, zh;q=0.7", "zh", False),
        ("", "en;q=0.5,zh;q=0.5", "en", False),
        ("", "zh;q=0.5,en;q=0.5", "zh", False),
        ("", "zh;q=0", "en", False),
        ("", "zh;q=0.000,it", "en", False),
        ("", "ZH-hant-TW", "zh", False),
        ("", "zh ; q=0.9 , en ; q=0.1", "zh", False),
        ("", "it", "en", False),
        ("", "de", "de", False),
        ("", "fr-CA", "fr", False),
        ("", "es-419,es;q=0.9,en;q=0.8", "es", False),
        ("", "*", "en", False),
        ("", "zh;q=2,en", "en", False),
        ("", "zh;q=1.5,en", "en", False),
        ("", "zh;q=high", "en", False),
        ("", "zh;level=1", "en", False),
        ("", "zhzh", "en", False),
        ("", ";;;,,,q=1", "en", False),
        ("", "\x00zh,\ud800", "en", False),
        ("", "it," * 5_000 + "zh", "en", False),
        ("zh", "en", "zh", True),
        ("zh-CN", "", "zh", True),
        ("ZH", "", "zh", True),
        ("en", "zh", "en", True),
        ("de", "zh", "de", True),
        ("es-MX", "de", "es", True),
        ("it", "zh", "zh", False),
        ("../zh", "", "en", False),
        ("zh" * 5_000, "", "en", False),
        ("_DEFAULT", "", "en", False),
    ],
)
def test_what_was_asked_for_comes_before_what_the_browser_accepts(
    wanted: str, accepted: str, code: str, asked: bool
) -> None:
    language = chosen(wanted, accepted)
    assert (language.code, language.asked) == (code, asked)


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LC_ALL": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "it_IT.UTF-8"}, "en"),
    ],
)
def test_a_terminal_speaks_the_language_of_its_locale(environment: dict[str, str], code: str) -> None:
    assert of_locale(environment).code == code


@settings(max_examples=300)
@given(st.text(), st.text(st.sampled_from("zhendfrs-;q=0.159, *\t"), max_size=300))
def test_any_header_gives_a_language(wanted: str, accepted: str) -> None:
    assert chosen(wanted, accepted).code in ("de", "en", "es", "fr", "zh")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/articles", "/articles?language=zh"),
        ("/articles/a?start=1&end=2#passage", "/articles/a?start=1&end=2&language=zh#passage"),
        ("/#a", "/?language=zh#a"),
    ],
)
def test_an_address_keeps_a_language_that_was_asked_for(address: str, kept: str) -> None:
    assert chosen("zh-CN").kept(address) == kept
    assert chosen("", "zh").kept(address) == address


def test_a_text_is_said_with_its_values_and_those_are_never_read_as_a_form() -> None:
    english = chosen("en")
    assert english.say("chat.section", name="{name} {0} {__class__}") == "Search “{name} {0} {__class__}” first"
    assert english.group("widget")["open"] == "Ask the articles"
    with pytest.raises(KeyError):
        english.say("chat.none")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def is_pattern(name: str) -> bool:
    return name.startswith(("smalltalk.", "inventory."))


def test_every_language_has_the_same_texts_with_the_same_placeholders() -> None:
    assert [path.stem for path in FILES] == sorted(languages()) == ["de", "en", "es", "fr", "zh"]
    english = {name: placeholders(text) for name, text in languages()["en"].texts.items() if not is_pattern(name)}
    for language in languages().values():
        assert language.texts.keys() == languages()["en"].texts.keys()
        said = {name: text for name, text in language.texts.items() if not is_pattern(name)}
        assert {name: placeholders(text) for name, text in said.items()} == english
        assert [name for name, text in language.texts.items() if not text.strip()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_name_stands_twice_in_a_file(path: Path) -> None:
    pairs: list[tuple[str, str]] = json.loads(path.read_text("utf-8"), object_pairs_hook=list)
    names = [name for name, _ in pairs]
    assert sorted(set(names)) == sorted(names)


def test_every_text_that_is_used_exists_and_every_text_is_used() -> None:
    sources = [*APP.rglob("*.py"), *APP.rglob("templates/*.html")]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(
        re.findall(
            r"""["']((?:chat|start|feedback|heard|answer|listing|filters|problem|article|demo|try)\.\w+)["']""", code
        )
    )
    script = (APP / "web" / "site" / "widget.js").read_text("utf-8")
    named |= {f"widget.{name}" for name in re.findall(r"\btext\.(\w+)", script)}
    site = APP / "web" / "site"
    scripts = {path.name: path.read_text("utf-8") for name in ("chat", "pane") for path in (site / name).rglob("*.js")}
    named |= {f"why.{name}" for name in re.findall(r"\btext\.(\w+)", scripts["why.js"])}
    named |= {f"chat.{name}" for text in scripts.values() for name in re.findall(r"\btexts\.(\w+)", text)}
    named -= {"chat.feedback"}  # all its texts
    named |= {f"feedback.{name}" for name in re.findall(r"\bsaid\.(\w+)", scripts["feedback.js"])}
    trial = "\n".join(path.read_text("utf-8") for path in (APP / "web" / "site" / "trial").glob("*.js"))
    named |= {f"try.{name}" for name in re.findall(r"\btext\.(\w+)", trial)}
    named |= {f"try.{state}" for state in ("waiting", "reading", "encoding", "ready", "failed", "unread", "long")}
    named |= {f"try.no_{kind}" for kind in STATUS}
    named |= {f"filters.{field.name}" for field in fields(Filters)}
    named |= {f"problem.{kind}" for kind in ("empty", "long", "wordless")}
    named |= {
        f"problem.filter_{kind}" for kind in ("date", "order", "many", "publisher", "language", "folder", "article")
    }
    named |= {f"answer.{state}" for state in get_args(State)}
    named |= {f"article.{state}" for state in get_args(State) if state != "gone"}  # that is a page of its own
    named |= {f"place.{kind}" for kind in (*get_args(PlaceKind), "recognised")}
    named |= {f"help.{topic}" for topic in TOPICS}
    named |= {
        f"note.{note}" for note in [*NOTES, *NOTES_ON_REPLY, *(note for way in WAYS.values() for note in way.notes)]
    }
    named |= {f"way.{kind}" for kind in (*WAYS, LISTING, "newest.oldest", "newest.previous")}
    named |= {f"inventory.{name}" for name in NAMES}
    named |= {f"listing.{count}" for count in ("none", "one", "many", "all_none", "all_one", "all_many")}
    named |= {f"smalltalk.{part}" for part in ("before", "after", *TOPICS)}
    templates = {path.name for path in APP.rglob("templates/*.html")}
    assert named - templates == set(languages()["en"].texts)
