"""The check of this process's limit of addresses. Import it before all else: the import of large libraries fails."""

import sys

_NEEDED = 3_000_000_000  # bytes: models and indexes are mapped, and each thread reserves some


def _check() -> None:
    """End this process if `ulimit -v` leaves too few addresses."""
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if 0 <= limit < _NEEDED:
        sys.stderr.write(
            f"error: this process may have {limit / 1e9:.1f} GB of addresses, and {_NEEDED / 1e9:.0f} GB are needed "
            "(ulimit -v). Raise the limit: ulimit -v unlimited\n"
        )
        sys.exit(2)


_check()
