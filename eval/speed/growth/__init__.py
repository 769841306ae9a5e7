"""Collections of a given size: synthetic articles, and the time and memory that they cost."""
