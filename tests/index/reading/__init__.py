"""Tests of index/reading/."""
