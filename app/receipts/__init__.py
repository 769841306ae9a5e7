"""Receipts: signed statements that an article said something, which can be checked without this server."""
