from ipaddress import ip_network
from pathlib import Path

import pytest

from app.settings import LOOPBACK, BadSetting, Settings
from index.stores.builds.location import BuildsFolder


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_env({"PATH": "/bin"}) == Settings(
        index=BuildsFolder(Path(".index")),
        host="127.0.0.1",
        port=7860,
        title="Citewell",
        examples=(),
        path="",
        allowed_origins=(),
        allowed_hosts=("localhost", "127.0.0.1", "[::1]"),
        trusted_proxies=(),
        user_header="",
        groups_header="",
        reader="shipped",
        reranker="",
        waiting=128,
        workers=1,
        suggestions=True,
        questions=(),
    )


def test_every_variable_is_read() -> None:
    env = {
        "CHAT_INDEX": "/data/index",
        "CHAT_HOST": "::1",
        "CHAT_PORT": "0",
        "CHAT_TITLE": "Ask",
        "CHAT_EXAMPLES": "What is tea? | Who keeps bees?|",
        "CHAT_PATH": "/tools/ask/",
        "CHAT_ALLOWED_ORIGINS": "https://Portal.example, http://portal.example:8080",
        "CHAT_ALLOWED_HOSTS": "Search.example,\n[::1]",
        "CHAT_TRUSTED_PROXIES": "10.0.0.0/8 192.0.2.1 2001:db8::/32",
        "CHAT_USER_HEADER": "X-Remote-User",
        "CHAT_GROUPS_HEADER": "X-Remote-Groups",
        "CHAT_READER": "none",
        "CHAT_RERANKER": "cross-encoder/ms-marco-MiniLM-L6-v2",
        "CHAT_WAITING": "9999",
        "CHAT_WORKERS": "128",
        "CHAT_SUGGESTIONS": "0",
    }
    assert Settings.from_env(env) == Settings(
        BuildsFolder(Path("/data/index")),
        "::1",
        0,
        "Ask",
        ("What is tea?", "Who keeps bees?"),
        "/tools/ask",
        ("https://portal.example", "http://portal.example:8080"),
        ("search.example", "[::1]"),
        (ip_network("10.0.0.0/8"), ip_network("192.0.2.1/32"), ip_network("2001:db8::/32")),
        "x-remote-user",
        "x-remote-groups",
        reader="none",
        reranker="cross-encoder/ms-marco-MiniLM-L6-v2",
        waiting=9999,
        workers=128,
        suggestions=False,
    )


@pytest.mark.parametrize("value", ["", "many", "-1", "10000", "1.5", "²", " 5"])
def test_a_number_of_waiting_questions_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_WAITING": value})
    assert str(error.value) == f"CHAT_WAITING is {value!r}. Give how many questions may wait at once, from 0 to 9999"


@pytest.mark.parametrize("value", ["", "0", "129", "-1", "two", "²"])
def test_a_number_of_workers_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_WORKERS": value})
    assert str(error.value) == f"CHAT_WORKERS is {value!r}. Give how many processes serve together, from 1 to 128"


@pytest.mark.parametrize("value", ["", "yes", "2", "01"])
def test_suggestions_that_are_neither_on_nor_off_are_an_error(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_SUGGESTIONS": value})
    assert str(error.value) == f"CHAT_SUGGESTIONS is {value!r}. Give 1 to suggest what to ask, or 0"


def test_uploads_beside_a_portal_need_a_sign_in() -> None:
    env = {"CHAT_UPLOAD": "1", "CHAT_ALLOWED_ORIGINS": "https://portal.example"}
    with pytest.raises(BadSetting) as error:
        Settings.from_env(env)
    assert str(error.value) == (
        "CHAT_UPLOAD is 1 and CHAT_ALLOWED_ORIGINS names a portal, but CHAT_USER_HEADER is empty: visitors of "
        "the portal could upload files without a sign-in. Name the header of the sign-in, or set CHAT_UPLOAD=0"
    )
    signed_in = {"CHAT_USER_HEADER": "X-Remote-User", "CHAT_TRUSTED_PROXIES": "10.0.0.1"}
    assert Settings.from_env({**env, **signed_in}).upload
    assert not Settings.from_env({**env, "CHAT_UPLOAD": "0"}).upload
    with pytest.raises(BadSetting, match=r"CHAT_UPLOAD is 'yes'\. Give 1 to let visitors try their own files, or 0"):
        Settings.from_env({"CHAT_UPLOAD": "yes"})


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        BadSetting, match=r"unknown setting CHAT_PROT\. The settings are: CHAT_INDEX, CHAT_HOST, CHAT_PORT"
    ):
        Settings.from_env({"CHAT_PROT": "80"})


@pytest.mark.parametrize("value", ["", "http", "-1", "65536", "1.5", "²"])
def test_a_port_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_PORT": value})
    assert str(error.value) == f"{value!r} is not a port. Give a number from 0 to 65535"


@pytest.mark.parametrize(
    ("value", "path"),
    [("", ""), ("/", ""), ("/ask", "/ask"), ("/tools/ask/", "/tools/ask"), ("/~x/a.b-c", "/~x/a.b-c")],
)
def test_a_path_has_no_slash_at_its_end(value: str, path: str) -> None:
    assert Settings.from_env({"CHAT_PATH": value}).path == path


@pytest.mark.parametrize(
    "value",
    [
        "ask",
        "//ask",
        "/a//b",
        "/..",
        "/a/../b",
        "/.",
        "/a b",
        "/a?b",
        "/a#b",
        "/%61",
        "/a\n",
        "/ä",
        "http://a/b",
        '/"',
        "/<",
    ],
)
def test_a_path_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_PATH": value})
    assert str(error.value) == f"CHAT_PATH is {value!r}, which is no path. Give one such as /tools/ask"


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("", ()),
        (" , ", ()),
        ("https://portal.example:443", ("https://portal.example",)),
        ("http://portal.example:80", ("http://portal.example",)),
        ("http://portal.example:443", ("http://portal.example:443",)),
        ("https://portal.example:8443", ("https://portal.example:8443",)),
        ("http://[::1]:7861 http://10.0.0.1", ("http://[::1]:7861", "http://10.0.0.1")),
    ],
)
def test_origins_are_written_as_a_browser_sends_them(value: str, origins: tuple[str, ...]) -> None:
    assert Settings.from_env({"CHAT_ALLOWED_ORIGINS": value}).allowed_origins == origins


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "null",
        "portal.example",
        "https://*.example",
        "https://portal.example/",
        "https://portal.example/news",
        "https://portal.example:",
        "https://portal.example:70000",
        "https://a@portal.example",
        "https://portal.example;script-src",
        "https://-portal.example",
        "ftp://portal.example",
        "https://",
        "'self'",
    ],
)
def test_an_origin_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_ALLOWED_ORIGINS": f"https://good.example {value}"})
    assert str(error.value) == (
        f"{value!r} in CHAT_ALLOWED_ORIGINS is no origin. Give scheme and host, such as https://portal.example, "
        "without a path and without *"
    )


@pytest.mark.parametrize(
    "value", ["*", "*.example", "search.example:80", "http://search.example", "::1", "a..b", "a/", ".a", "a.", "[]"]
)
def test_a_host_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_ALLOWED_HOSTS": value})
    assert str(error.value) == (
        f"{value!r} in CHAT_ALLOWED_HOSTS is no host name. Give names such as search.example, without a port"
    )


@pytest.mark.parametrize("value", ["", " ,"])
def test_no_host_at_all_is_an_error(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_ALLOWED_HOSTS": value})
    assert str(error.value) == (
        "CHAT_ALLOWED_HOSTS is empty: no request could be answered. Name the hosts, such as search.example, "
        f"or leave it out for {' '.join(LOOPBACK)}"
    )


@pytest.mark.parametrize("value", ["proxy", "10.0.0", "10.0.0.0/33", "10.0.0.1:80", "*", "[::1]", "010.0.0.1"])
def test_a_proxy_that_is_no_address_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_TRUSTED_PROXIES": f"10.0.0.1,{value}"})
    assert str(error.value) == (
        f"{value!r} in CHAT_TRUSTED_PROXIES is no address. Give addresses or networks, such as 10.0.0.0/8"
    )


@pytest.mark.parametrize("value", ["", "X Remote", "X-Remote-User:", "X_User", "X-User\n", "ä"])
@pytest.mark.parametrize(
    ("name", "example"), [("CHAT_USER_HEADER", "X-Remote-User"), ("CHAT_GROUPS_HEADER", "X-Remote-Groups")]
)
def test_a_header_that_is_none_is_an_error_with_its_value(value: str, name: str, example: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({name: value, "CHAT_TRUSTED_PROXIES": "10.0.0.1"})
    assert str(error.value) == f"{name} is {value!r}, which is no header's name. Give one such as {example}"


@pytest.mark.parametrize("name", ["CHAT_USER_HEADER", "CHAT_GROUPS_HEADER"])
def test_a_header_of_the_person_without_a_trusted_proxy_is_an_error(name: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({name: "X-Remote"})
    assert str(error.value) == (
        f"{name} is 'x-remote', but CHAT_TRUSTED_PROXIES is empty: anyone could send that header. "
        "Name the proxy's address, such as 127.0.0.1"
    )
