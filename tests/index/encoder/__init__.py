"""Tests of index/encoder/."""
