"""Kinds of web pages whose text is easily lost, doubled or read as something else."""

import json
import time

import pytest

from index.articles.article import visible
from index.reading.formats.webpage import webpage_extract
from tests.newspages import AGENCY, MAGAZINE, PORTAL
from tests.webcount import visible_characters

TEXT = "The harbour board met on Monday to talk about the new quay, which has long been planned. "
DRAWN = "<math><semantics><mrow><mi>E</mi><mo>=</mo><msup><mi>c</mi><mn>2</mn></msup></mrow>"
DRAWN += "<annotation>E=c^2</annotation></semantics></math>"
ASIDE, OUTSIDE, OTHERWISE = "navigation, forms and the like", "outside the article", "drawings and stand-ins for them"
LINKS = "".join(f"<a href=/{number}>Section {number} of the site</a> " for number in range(40))
HEADS = "<tr><th rowspan=2>Port<th colspan=2>Tonnes</tr><tr><th>2024<th>2025</tr>"
CELLS = "<tr><td rowspan=2>Port<td colspan=2>Tonnes</tr><tr><td>2024<td>2025</tr>"
PAGES = [
    ("<p>A load of 10<sup>6</sup> N, 10<sup>-12</sup> m, x<sup>n/2</sup>", ["A load of 10⁶ N, 10⁻¹² m, x^(n/2)"], {}),
    ("<p>In 2024<sup>1</sup> the 4<sup>th</sup>", ["In 2024 ¹ the 4th"], {}),
    ("<p>10<sup><a href=#n>3</a></sup> and quay<sup><a>[1]</a></sup>", ["10 ³ and quay [1]"], {}),
    ("<p>log<sub>2</sub>8 of CO<sub>2</sub>", ["log₂8 of CO2"], {}),
    (
        f"<p>It <span class=katex><span class=katex-mathml>{DRAWN}</span><span aria-hidden=true>E=c2</span></span> is",
        ["It E=c² is"],
        {"formulas given twice": 4},
    ),
    (
        f"<p>It <span class=mwe-math-element><span style='display: none'>{DRAWN}</span>"
        "<img class=mwe-math-fallback alt='E'></span>",
        ["It E=c²"],
        {},
    ),
    ("<p>It is <img class=tex alt='$a+b$'> and <script type='math/tex'>F</script>", ["It is a+b and F"], {}),
    ("<p><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> is half", ["1/2 is half"], {}),
    ("<p><math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>", ["√(x+1)"], {}),
    ("<p><math><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>i</mi></math>", ["∑_i^n i"], {}),
    ("<p><math><mfrac><mn>1</mn></mfrac>2</math>", ["12"], {}),
    ("<p>At most <del>50</del> <ins>80</ins> t, <s>9</s> 12 crowns", ["At most 80 t, 12 crowns"], {"struck text": 3}),
    ("<p>So <b style='text-decoration: line-through'>no</b>yes", ["So yes"], {"struck text": 2}),
    (
        "<h2>When?</h2><div style='display:none'>From nine to five on working days.</div>",
        ["When?", "From nine to five on working days."],
        {},
    ),
    (
        "<p>a<p><button aria-controls=x>When?</button><div hidden id=x>From nine to five on working days.</div>",
        ["a", "When?", "From nine to five on working days."],
        {},
    ),
    ("<p>a<div hidden=until-found>Soon.</div><div hidden>Never</div>", ["a", "Soon."], {"hidden": 5}),
    ("<details><summary>Cost?</summary>Nine crowns.</details>", ["Cost?", "Nine crowns."], {}),
    ("<p>a<iframe srcdoc='<!-- -->'>old</iframe>", ["a"], {}),
    ("<p>a<iframe srcdoc='<p>In &amp;amp; out.'>old</iframe>", ["a", "In & out."], {}),
    (
        "<x-a><template shadowrootmode=open><h2>Top</h2><slot name=t>none</slot><slot></slot></template>"
        "<b slot=t>Title</b><p>Light.</p></x-a>",
        ["Top", "Title", "Light."],
        {OTHERWISE: 4},
    ),
    (f"<table>{HEADS}<tr><td>Elm<td>5<td>6</table>", ["Port: Elm; Tonnes 2024: 5; Tonnes 2025: 6"], {}),
    (f"<table>{CELLS}<tr><td>Elm<td>5<td>10<sup>6</sup></table>", ["Port: Elm; Tonnes 2024: 5; Tonnes 2025: 10⁶"], {}),
    (f"<p>{TEXT}<div id=onetrust-consent-sdk><h1>We</h1>{'cookies ' * 60}</div>", [TEXT.strip()], {ASIDE: 422}),
]


@pytest.mark.parametrize(("html", "texts", "skipped"), PAGES)
def test_a_page_is_read_as_it_is_seen_and_the_account_adds_up(html: str, texts: list[str], skipped: object) -> None:
    page = f"<html><head><title>t</title></head><body><div itemprop=articleBody>{html}</div></body></html>"
    extract = webpage_extract(page)
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert ([text for _, text in extract.blocks], dict(extract.skipped)) == (texts, skipped)
    assert visible_characters(page) == extract.characters == kept + sum(extract.skipped.values())


def test_the_dollars_around_a_formula_are_looked_for_once() -> None:
    alone = f"{'$' * 9_000}a"
    page = f"<body><p>It is <img class=tex alt='{alone}'>, <img class=tex alt='$$b$$'>"
    assert webpage_extract(page).blocks == [("paragraph", f"It is {alone}, b")]


@pytest.mark.parametrize("page", [AGENCY, PORTAL, MAGAZINE])
def test_another_parser_counts_the_same_characters(page: str) -> None:
    assert webpage_extract(page).characters == visible_characters(page)


def test_a_script_that_looks_like_a_tag_of_many_attributes_is_no_tag() -> None:
    script = "for(i=0;i<n;i++){a('it is \" open');}" + "\nvar v = 1 + 2 ;" * 1_500
    assert webpage_extract(f"<p>{TEXT}</p><script>{script}</script>").blocks == [("paragraph", TEXT.strip())]


@pytest.mark.parametrize("inner", ["<h1>Quay</h1>", "<div itemprop=articleBody>Quay</div>"])
def test_a_class_name_never_outweighs_what_holds_the_article(inner: str) -> None:
    page = f"<body><nav>{LINKS}</nav><div class='box modal-enabled'>{inner}</div><p>{TEXT * 3}</p></body>"
    extract = webpage_extract(page)
    assert extract.skipped[ASIDE] == visible_characters(LINKS)
    assert sum(extract.skipped.values()) + sum(visible(text) for _, text in extract.blocks) == extract.characters


def test_a_class_name_never_outweighs_most_of_the_prose() -> None:
    extract = webpage_extract(f"<body><nav>{LINKS}</nav><div class=popup><p>{TEXT * 2}</p></div></body>")
    assert extract.blocks == [("paragraph", (TEXT * 2).strip())]


def test_an_article_in_noscript_is_read_and_a_request_for_scripts_is_not() -> None:
    extract = webpage_extract(f"<body><noscript><p>{TEXT}</noscript><div id=app></div></body>")
    assert extract.blocks == [("paragraph", TEXT.strip())]
    extract = webpage_extract(f"<body><noscript>{TEXT} Enable JavaScript.</noscript><p>Quay</body>")
    assert extract.blocks == [("paragraph", "Quay")]


@pytest.mark.parametrize("body", [f"{TEXT}\n\nIt was built.", f"<p>{TEXT}</p><p>It was <b>built</b>.</p>"])
def test_an_article_that_stands_only_in_the_pages_data_is_read_with_a_note(body: str) -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": body})
    script = f"<script type='application/ld+json'>{data}</script>"
    extract = webpage_extract(f"<html><head>{script}</head><body><footer>Gazette</footer></body></html>")
    assert extract.blocks == [("paragraph", TEXT.strip()), ("paragraph", "It was built.")]
    assert extract.notes == ["the text is in the page's data (articleBody), not on the page"]
    assert (extract.characters, sum(extract.skipped.values())) == (visible(f"{TEXT}It was built.Gazette"), 7)
    extract = webpage_extract(f"<html><head>{script}</head><body><p>{TEXT}</p></body></html>")
    assert (extract.blocks, extract.notes) == ([("paragraph", TEXT.strip())], [])


def test_much_readable_text_outside_the_article_is_warned_about() -> None:
    page = f"<body><div itemprop=articleBody>{TEXT}</div><p>{TEXT}</p></body>"
    assert webpage_extract(page).notes == ["50% of the page's readable text is outside its article. Compare them"]


def test_frames_and_slots_in_each_other_take_no_time() -> None:
    began = time.process_time()
    frame = "<p>x"
    for _ in range(6):
        frame = f"<iframe srcdoc='{frame.replace('&', '&amp;').replace(chr(39), '&#39;')}'></iframe>"
    webpage_extract(f"<body>{frame}<p>{TEXT}</p></body>")
    webpage_extract(f"<body><p>{TEXT}" + "<template shadowrootmode=open><slot>" * 60 + "a<sup>" * 60)
    assert time.process_time() - began < 10
