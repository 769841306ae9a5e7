"""ASGI middleware that every request passes: hosts, headers, body size, proxies."""
