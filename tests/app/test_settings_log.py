"""Settings of the log of questions."""

import pytest

from app.settings import BadSetting, Settings


def test_the_folder_and_the_days_of_the_log_are_read() -> None:
    settings = Settings.from_env({"CHAT_LOG": "/data/log", "CHAT_LOG_DAYS": "30"})
    assert (settings.log, settings.log_days) == ("/data/log", 30)
    assert (Settings().log, Settings().log_days) == ("", 90)


@pytest.mark.parametrize("value", ["", "1", "3651", "-90", "long"])
def test_a_number_of_days_that_is_none_is_an_error_with_its_value(value: str) -> None:
    with pytest.raises(BadSetting) as error:
        Settings.from_env({"CHAT_LOG_DAYS": value})
    assert str(error.value) == (
        f"CHAT_LOG_DAYS is {value!r}. Give for how many days questions are kept, from 2 to 3650"
    )
