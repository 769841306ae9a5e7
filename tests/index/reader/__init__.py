"""Tests of index/reader/."""
