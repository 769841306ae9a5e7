"""Tests of the log of questions."""
