"""Tests of index/stores/postgresql/."""
