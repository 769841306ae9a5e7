"""Tests of index/stores/builds/."""
