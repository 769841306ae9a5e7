"""Tests of index/articles/."""
