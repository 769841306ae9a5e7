"""Candidates, signals and words of a question, read from a database."""
