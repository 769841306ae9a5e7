"""Tests of index/stores/."""
