"""Sets of questions: our own format, and BEIR layout."""
