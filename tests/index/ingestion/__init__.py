"""Tests of index/ingestion/."""
