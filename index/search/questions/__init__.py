"""A question as a search reads it: its parts, names and spelling, its vector and its terms."""
