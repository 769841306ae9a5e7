"""Tests of app/answering/languages/."""
