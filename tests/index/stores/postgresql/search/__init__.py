"""Tests of index/stores/postgresql/search/."""
