"""Visitors' own files: kept for an hour behind a secret token, read, checked and indexed as articles are."""
