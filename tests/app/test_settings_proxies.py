"""Networks whose word counts: none that strangers are in."""

import pytest

from app.settings import BadSetting, Settings


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "10.0.0.0/7", "2000::/3"])
def test_a_network_of_strangers_is_no_proxy(network: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.from_env({"CHAT_TRUSTED_PROXIES": f"192.0.2.1 {network}"})
    assert str(refused.value).startswith(f"{network!r} in CHAT_TRUSTED_PROXIES is a network of strangers")
    assert Settings.from_env({"CHAT_TRUSTED_PROXIES": "10.0.0.0/8 fc00::/7"}).trusted_proxies


def test_owners_are_named_with_commas_and_need_a_sign_in() -> None:
    signed_in = {"CHAT_USER_HEADER": "X-Remote-User", "CHAT_TRUSTED_PROXIES": "10.0.0.7"}
    assert Settings.from_env({**signed_in, "CHAT_OWNERS": "ada, Grace Hopper,"}).owners == ("ada", "Grace Hopper")
    with pytest.raises(BadSetting, match="CHAT_OWNERS names people, but CHAT_USER_HEADER is empty"):
        Settings.from_env({"CHAT_OWNERS": "ada"})
