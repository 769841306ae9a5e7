"""Tests of index/search/questions/."""
