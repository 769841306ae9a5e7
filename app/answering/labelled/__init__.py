"""Sets of questions with their answers: the format, and lines that owners add."""
