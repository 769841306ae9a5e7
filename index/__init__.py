"""Articles to a searchable index: read, split, encode, store, search. Knows nothing of app or eval."""
