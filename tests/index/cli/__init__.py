"""Tests of index/cli/."""
