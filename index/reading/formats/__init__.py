"""Adapters, one per file format, that extract readable text with its structure."""
