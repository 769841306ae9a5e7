"""Checks of the settings that matter behind a proxy."""

import ipaddress
from collections.abc import Iterator

from app.doctor.findings import Finding
from app.settings import LOOPBACK, Settings


def proxy(settings: Settings) -> Iterator[Finding]:
    """Whether address, hosts, proxies and sign-in fit each other."""
    findings = list(_unfit(settings))
    yield from findings
    if not findings:
        behind = "behind a proxy" if settings.trusted_proxies else "without a proxy"
        yield Finding("proxy", "ok", f"{settings.host}:{settings.port}, {behind}")


def _unfit(settings: Settings) -> Iterator[Finding]:
    is_local = settings.host == "localhost" or _is_loopback(settings.host)
    names = [host for host in settings.allowed_hosts if host not in LOOPBACK]
    if not is_local and not names:
        text = f"it listens on {settings.host}, but answers only to {' '.join(settings.allowed_hosts)}"
        yield Finding("proxy", "wrong", text, "name the host that people type in CHAT_ALLOWED_HOSTS")
    if not is_local and settings.user_header:
        text = f"it listens on {settings.host}, where people can go around the proxy that signs them in"
        yield Finding("proxy", "note", text, "CHAT_HOST=127.0.0.1, or a firewall that lets only the proxy through")
    if not is_local and not settings.user_header:
        text = f"it listens on {settings.host} without a sign-in: whoever reaches it can ask"
        yield Finding("proxy", "note", text, "put a proxy with a sign-in before it: docs/intranet.md")
    if names and not settings.trusted_proxies:
        text = "a host is named, but no proxy: its X-Forwarded-Proto does not count, and links begin with http"
        yield Finding("proxy", "note", text, "name the proxy's address in CHAT_TRUSTED_PROXIES, unless there is none")
    if settings.groups_header and not settings.user_header:
        text = "access is by groups, but a request without a person is let in, and sees nothing"
        yield Finding("proxy", "note", text, "set CHAT_USER_HEADER, too, so that it gets 401")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
