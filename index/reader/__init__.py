"""Reader: a cross-encoder that finds the words that answer a question in a passage."""
