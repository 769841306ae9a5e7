from pathlib import Path

import pytest

from app.settings import BadSetting, Settings


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_env({"PATH": "/bin"}) == Settings(Path(".index"), "127.0.0.1", 7860, "Verbatim", ())


def test_every_variable_is_read() -> None:
    env = {
        "CHAT_INDEX": "/data/index",
        "CHAT_HOST": "::1",
        "CHAT_PORT": "0",
        "CHAT_TITLE": "Ask",
        "CHAT_EXAMPLES": "What is tea? | Who keeps bees?|",
    }
    assert Settings.from_env(env) == Settings(Path("/data/index"), "::1", 0, "Ask", ("What is tea?", "Who keeps bees?"))


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
