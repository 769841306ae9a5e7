"""Tests of index/passages/."""
