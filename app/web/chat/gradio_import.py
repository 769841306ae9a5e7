"""Gradio, imported as `gr` without the type stubs that it writes in its own package each time, which takes seconds."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["gr"]


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Context in which Gradio finds no file for its own classes, and so writes no stubs for them."""
    found = inspect.getfile

    def file_of(object: Any) -> str:  # noqa: A002 - the name of the function in whose place it is
        if getattr(object, "__module__", "").startswith("gradio."):
            raise OSError(f"the file of {object} is not looked for")
        return found(object)

    inspect.getfile = file_of
    try:
        yield
    finally:
        inspect.getfile = found


with _without_stubs():
    import gradio as gr
