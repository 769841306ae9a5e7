"""Measures of the reading of files: our own fixtures, a public set of web pages, and damaged files."""
