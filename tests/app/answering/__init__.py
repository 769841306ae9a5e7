"""Tests of app/answering/."""
