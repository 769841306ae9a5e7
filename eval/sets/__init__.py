"""Public question sets in BEIR layout."""
