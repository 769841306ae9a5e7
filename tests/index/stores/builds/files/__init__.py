"""Tests of index/stores/builds/files/."""
