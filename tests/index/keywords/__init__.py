"""Tests of index/keywords/."""
