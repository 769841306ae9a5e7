"""Signs of a proxy that is in no setting."""

import pytest

from app.web.middleware.proxy import is_passed_on


@pytest.mark.parametrize(
    ("version", "names", "passed_on"),
    [
        ("1.1", ["host", "x-requested-with", "view"], False),
        ("1.0", [], True),
        ("1.1", ["cf-connecting-ip"], True),
        ("1.1", ["x-original-forwarded-for"], True),
        ("1.1", ["x-envoy-external-address"], True),
    ],
)
def test_a_request_shows_whether_a_proxy_passed_it_on(version: str, names: list[str], passed_on: bool) -> None:
    headers = [(name.encode(), b"") for name in names]
    assert is_passed_on({"type": "http", "http_version": version, "headers": headers}) is passed_on
