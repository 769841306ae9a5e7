"""Encodings of text: how each is told by its bytes."""
