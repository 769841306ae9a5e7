"""The tokeniser, BM25, and the terms of each sentence."""
