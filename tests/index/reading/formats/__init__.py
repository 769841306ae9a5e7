"""Tests of index/reading/formats/."""
