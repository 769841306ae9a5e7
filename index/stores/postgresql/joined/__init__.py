"""Several databases as one collection."""
