"""Words and BM25."""
