"""The drawer of filters in a real browser: what it shows and counts, with every question, by keyboard alone."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import violations
from tests.filtering import ask, listed, opened

pytest_plugins = ["tests.filtering"]

LONG = "How many flowers does a honey bee visit in a day of a long summer? " * 20
SIZES = [(1280, 800), (390, 844), (640, 400)]


@pytest.fixture
def chat(filtered: Page) -> Page:
    return filtered


def test_it_is_closed_at_first_and_shows_how_many_filters_are_active_and_articles_pass(chat: Page) -> None:
    summary = chat.locator("#filters summary")
    expect(chat.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters")
    opened(chat)
    chat.get_by_label("From").fill("2023-01-01")
    chat.get_by_label("Night Sky Notes 2", exact=True).check()
    chat.get_by_label("Garden Notes 1", exact=True).check()
    summary.click()
    expect(chat.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters 3 active 3 articles pass")


def test_counts_follow_the_other_filters_and_what_would_add_nothing_is_unavailable(chat: Page) -> None:
    opened(chat)
    assert listed(chat, "languages") == ["English 5", "Chinese 1", "Chinese (Simplified) 1"]
    chat.get_by_label("Garden Notes").check()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 2 articles pass")
    assert listed(chat, "languages") == ["English 1", "Chinese 1", "Chinese (Simplified) 1"]
    assert listed(chat, "folders") == ["science 1", "tea 1", "-news 0"]
    assert listed(chat, "publishers")[:3] == ["Garden Notes 2", "Harbour Post 2", "Night Sky Notes 2"]
    chat.get_by_label("English").check()
    expect(chat.locator("#filters summary")).to_have_text("Filters 2 active 1 article passes")
    assert listed(chat, "publishers")[:3] == ["Garden Notes 1", "Harbour Post 2", "Night Sky Notes 2"]
    assert listed(chat, "folders") == ["science 1", "-news 0", "-tea 0"]


def test_languages_are_named_in_the_language_of_the_page_and_asked_by_their_codes(
    browser: Browser, filtered_address: str
) -> None:
    page = browser.new_page()
    page.goto(f"{filtered_address}?language=zh#languages=zh")
    expect(page.locator("#filters summary")).to_have_text("筛选 已启用 1 项 1 篇文章符合")
    page.locator("#filters summary").click()
    assert listed(page, "languages") == ["中文 1", "英语 5", "中文 (简体) 1"]
    page.close()


def test_a_list_is_searched_and_what_it_leaves_out_is_found_too(chat: Page) -> None:
    opened(chat)
    expect(chat.get_by_role("group", name="Language").get_by_role("searchbox")).to_have_count(0)
    publishers = chat.get_by_role("group", name="Publisher")
    expect(publishers.get_by_text("There are more: find them by name.")).to_be_visible()
    expect(publishers.get_by_role("checkbox")).to_have_count(200)
    publishers.get_by_role("searchbox", name="Find").fill("sao zeta")
    expect(publishers.get_by_role("checkbox")).to_have_count(1)
    publishers.get_by_label("São Zeta Press 1").check()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 1 article passes")
    publishers.get_by_role("searchbox").fill("none such")
    expect(publishers.get_by_role("status")).to_have_text("Nothing has this name.")
    publishers.get_by_role("searchbox").fill("")
    expect(publishers.get_by_role("checkbox")).to_have_count(201)
    expect(publishers.get_by_role("checkbox", checked=True)).to_have_attribute("value", "São Zeta Press")
    expect(chat).to_have_url(re.compile(r"#publishers=S%C3%A3o\+Zeta\+Press$"))
    chat.reload()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 1 article passes")
    expect(ask(chat, "What do ports do?").locator(".context").first).to_contain_text("São Zeta Press")


def test_periods_fill_in_the_dates_and_a_range_is_checked_by_the_browser(chat: Page) -> None:
    opened(chat)
    since, until = chat.get_by_label("From"), chat.get_by_label("Until")
    year = date.today().year
    expect(chat.get_by_role("button", name="All", exact=True)).to_have_attribute("aria-pressed", "true")
    chat.get_by_role("button", name="This year 1").click()
    expect(since).to_have_value(f"{year}-01-01")
    expect(until).to_have_value(f"{year}-12-31")
    expect(chat.get_by_role("button", name="This year 1")).to_have_attribute("aria-pressed", "true")
    expect(chat.locator("#filters summary")).to_have_text("Filters 2 active 1 article passes")
    expect(chat).to_have_url(re.compile(f"#since={year}&until={year}$"))
    chat.get_by_label("night sky", exact=False).first.wait_for()
    expect(chat.get_by_label("Night Sky Notes 0")).to_be_disabled()
    until.fill("2001-01-01")
    until.blur()
    expect(chat.get_by_role("alert")).to_have_text("This range ends before it begins.")
    expect(chat).to_have_url(re.compile(f"#since={year}&until={year}$"))
    chat.get_by_role("button", name="All", exact=True).click()
    expect(chat.get_by_role("alert").locator("span")).to_be_hidden()
    expect(chat.locator("#filters summary")).to_have_text("Filters")
    expect(chat).not_to_have_url(re.compile("#"))


def test_folders_are_a_tree_for_the_keyboard_too(chat: Page) -> None:
    opened(chat)
    assert listed(chat, "folders") == ["science 3", "news 2", "tea 1"]
    chat.get_by_label("science 3").focus()
    chat.keyboard.press("ArrowRight")
    assert listed(chat, "folders") == ["science 3", "space 2", "plants 1", "news 2", "tea 1"]
    expect(chat.get_by_role("button", name="Folders in science")).to_have_attribute("aria-expanded", "true")
    for key in ("ArrowRight", "ArrowDown", "Space"):
        chat.keyboard.press(key)
    expect(chat.get_by_label("science/plants 1")).to_be_checked()
    expect(chat.get_by_label("science/plants 1")).to_be_focused()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 1 article passes")
    for key in ("ArrowLeft", "ArrowLeft"):
        chat.keyboard.press(key)
    expect(chat.get_by_label("science 3")).to_be_focused()
    assert listed(chat, "folders") == ["science 3", "news 2", "tea 1"]
    chat.keyboard.press("End")
    expect(chat.get_by_label("tea 1")).to_be_focused()
    chat.reload()
    opened(chat)
    expect(chat.get_by_label("science/plants 1")).to_be_checked()
    expect(chat.get_by_label("science/plants 1")).to_be_visible()


def test_what_is_chosen_goes_with_every_question_until_it_is_cleared(chat: Page) -> None:
    opened(chat)
    chat.get_by_label("news 2").check()
    for _ in range(2):
        answer = ask(chat)
        expect(answer.locator(".context").first).to_have_text("Filtered: Folder news")
        links = answer.locator(".title").evaluate_all("(all) => all.map((one) => new URL(one.href).pathname)")
        assert {link.rpartition("/")[0] for link in links} <= {"/tools/ask/articles/news"}
    chat.get_by_role("button", name="Clear", exact=True).last.click()
    expect(chat.locator("#filters summary")).to_have_text("Filters")
    expect(ask(chat)).not_to_contain_text("Filtered")


def test_the_address_follows_the_filters_and_an_answer_is_asked_again_with_them_by_one_press(chat: Page) -> None:
    again = chat.get_by_role("button", name="Ask again with these filters")
    ask(chat)
    expect(again).to_be_hidden()
    opened(chat)
    chat.get_by_label("news 2").check()
    expect(chat).to_have_url(re.compile("&folders=news$"))
    expect(again).to_be_visible()
    again.click()
    expect(chat.locator("#chat .context").first).to_have_text("Filtered: Folder news")
    expect(again).to_be_hidden()
    expect(chat.get_by_label("From")).to_be_hidden()
    expect(chat.locator("#chat .said")).to_be_focused()
    expect(chat.locator("#chat .said")).to_have_count(1)
    chat.go_back()
    expect(chat.locator("#start")).to_be_visible()
    expect(chat.locator("#filters summary")).to_have_text("Filters")


def test_what_is_no_date_in_an_address_is_told_in_the_chat(chat: Page, filtered_address: str) -> None:
    chat.goto(f"{filtered_address}#until=%3Cb%3Ex")
    chat.reload()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active")
    expect(ask(chat)).to_have_text("“<b>x” is no date. Give a year, a month or a day: 2025, 2025-01 or 2025-01-14.")


def test_the_keyboard_opens_it_after_the_question_and_leads_back_to_it(chat: Page) -> None:
    chat.get_by_role("button", name="Ask", exact=True).focus()
    chat.keyboard.press("Tab")
    expect(chat.locator("#filters summary")).to_be_focused()
    chat.keyboard.press("Enter")
    chat.keyboard.press("Tab")
    expect(chat.get_by_role("button", name="All", exact=True)).to_be_focused()
    chat.get_by_label("From").focus()
    chat.keyboard.type("01012024")
    chat.keyboard.press("Enter")
    expect(chat.get_by_label("Your question")).to_be_focused()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 3 articles pass")
    chat.keyboard.press("Escape")
    expect(chat.locator("#filters summary")).to_be_focused()
    expect(chat.get_by_label("From")).to_be_hidden()


def test_esc_empties_a_search_before_it_closes_the_drawer_and_each_list_is_one_stop(chat: Page) -> None:
    opened(chat)
    search = chat.get_by_role("group", name="Publisher").get_by_role("searchbox")
    search.fill("office")
    expect(chat.get_by_label("Office 000")).to_be_visible()
    chat.keyboard.press("ArrowDown")
    chat.keyboard.press("Tab")
    expect(chat.get_by_label("English")).to_be_focused()
    search.focus()
    chat.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(search).to_be_visible()
    chat.keyboard.press("Escape")
    expect(search).to_be_hidden()
    expect(chat.locator("#filters summary")).to_be_focused()


@pytest.mark.parametrize("size", SIZES)
def test_the_question_stays_in_sight_and_leaves_the_screen_to_answers(chat: Page, size: tuple[int, int]) -> None:
    chat.set_viewport_size({"width": size[0], "height": size[1]})
    ask(chat)
    for _ in range(2):
        expect(chat.get_by_label("Your question")).to_be_in_viewport(ratio=1)
        expect(chat.locator("#filters summary")).to_be_in_viewport(ratio=1)
        assert chat.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        chat.locator("#filters summary").click()
    chat.get_by_label("Your question").fill(LONG)
    heights = "['bottom', 'middle'].map((id) => document.getElementById(id).offsetHeight / innerHeight)"
    bar, answers = chat.evaluate(heights)
    assert bar <= 1 / 3
    assert answers >= 1 / 2


def test_where_the_window_is_low_the_open_drawer_scrolls_above_the_question(chat: Page) -> None:
    chat.set_viewport_size({"width": 740, "height": 360})
    opened(chat)
    form, box = (chat.locator(part).bounding_box() for part in ("#filters form", "#question"))
    assert form is not None
    assert box is not None
    assert form["y"] >= 0
    assert form["y"] + form["height"] <= box["y"]
    assert chat.locator("#filters form").evaluate("(form) => form.scrollHeight > form.clientHeight")


def test_on_a_phone_it_is_a_sheet_as_wide_as_the_screen(chat: Page) -> None:
    chat.set_viewport_size({"width": 390, "height": 844})
    opened(chat)
    form = chat.locator("#filters form").bounding_box()
    assert form is not None
    assert (form["x"], form["width"]) == (0, 390)
    assert form["height"] <= 844 * 0.7
    chat.get_by_role("button", name="Done").click()
    expect(chat.get_by_label("From")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_drawer_has_no_violation(chat: Page, scheme: str) -> None:
    chat.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    ask(chat)
    opened(chat)
    chat.get_by_label("science 3").focus()
    chat.keyboard.press("ArrowRight")
    chat.get_by_label("Garden Notes").check()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 2 articles pass")
    assert violations(chat, "#bottom .filtering") == []
