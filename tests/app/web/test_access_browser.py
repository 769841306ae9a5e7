"""Two people before one application behind a real nginx: each sees what their groups may see."""

import contextlib
from collections.abc import Iterator
from urllib.parse import quote_plus, urljoin

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.access import HIDDEN, OPEN, SECRETS, built
from tests.fronting import NGINX, Front, certify, nginx
from tests.serving import needs, served

pytestmark = pytest.mark.slow

PEOPLE = {"ann": "open sesame", "bob": "abracadabra", "eve": "please"}
GROUPS = {'default "";': 'default ""; ann "Sales, HR"; bob "sales";'}
QUESTION = "By how many percent do salaries rise?"
OURS = "Salaries in Zanzibar rise by 3.5 percent in May."


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    needs(NGINX, "nginx-light")
    folder = tmp_path_factory.mktemp("access")
    certify(folder, PEOPLE)
    settings = {
        "CHAT_PATH": "/tools/ask",
        "CHAT_TRUSTED_PROXIES": "127.0.0.1",
        "CHAT_USER_HEADER": "X-Remote-User",
        "CHAT_GROUPS_HEADER": "X-Remote-Groups",
        "CHAT_ALLOWED_HOSTS": "localhost",
    }
    root = built(folder, {**OPEN, **HIDDEN}, by_default=True)
    with served(root, settings) as chat, nginx(folder, chat, GROUPS) as address:
        yield Front(address, "", chat, "", "", folder / "authority.pem")


@contextlib.contextmanager
def page_of(browser: Browser, name: str) -> Iterator[Page]:
    """A page in the browser of somebody who has signed in."""
    signed_in = {"Authorization": httpx.BasicAuth(name, PEOPLE[name])._auth_header, "X-Remote-Groups": "hr"}
    context = browser.new_context(ignore_https_errors=True, extra_http_headers=signed_in)
    yield context.new_page()
    context.close()


def test_two_people_get_different_answers_to_one_question(browser: Browser, front: Front) -> None:
    with page_of(browser, "ann") as hers, page_of(browser, "bob") as his:
        for page in (hers, his):
            page.goto(f"{front.address}/?q={quote_plus(QUESTION)}")
            expect(page.locator(".answer")).to_have_count(1)
        expect(hers.locator(".card .lead").first).to_have_text(OURS)
        link = hers.locator(".card").first.get_by_role("link", name="Open the article here").get_attribute("href")
        hers.goto(urljoin(front.address, link))
        expect(hers.locator("mark")).to_have_text(OURS)
        assert not [secret for secret in SECRETS if secret in his.content()]
        his.goto(hers.url)
        expect(his.locator("h1")).to_have_text("No such article")
        his.goto(f"{front.address}/articles")
        expect(his.locator(".list li")).to_have_count(2)


def test_each_finds_their_own_filters_and_greeting(browser: Browser, front: Front) -> None:
    for name, publishers, greeting in (
        ("ann", ["Payroll Office 2", "Garden Notes 1", "Night Sky Notes 1"], "Ask 4 articles."),
        ("bob", ["Garden Notes 1", "Night Sky Notes 1"], "Ask 2 articles."),
        ("eve", [], "None of the articles here is open to you."),
    ):
        with page_of(browser, name) as page:
            page.goto(f"{front.address}/")
            expect(page.locator("#start")).to_contain_text(greeting)
            named = page.locator("#filters label:has([name=publishers])").all_text_contents()
            assert [" ".join(text.split()) for text in named] == publishers


def test_one_browser_keeps_nothing_for_the_next_person(browser: Browser, front: Front) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    for name, status in (("ann", 200), ("bob", 404), ("ann", 200), ("eve", 404)):
        context.set_extra_http_headers({"Authorization": httpx.BasicAuth(name, PEOPLE[name])._auth_header})
        response = page.goto(f"{front.address}/articles/hr/pay")
        assert response is not None
        assert response.status == status
    context.close()


def test_what_the_browser_says_of_groups_is_replaced(front: Front) -> None:
    lies = [("X-Remote-Groups", "hr"), ("X-Remote-Groups", "board"), ("X_Remote_Groups", "hr")]
    with front.client(signed_in=False) as client:
        listed = client.get(f"{front.address}/articles", auth=("bob", PEOPLE["bob"]), headers=lies)
        assert (listed.status_code, "Payroll" in listed.text, "Garden Notes" in listed.text) == (200, False, True)
