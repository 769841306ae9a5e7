"""Articles, the catalogue of them, and what they can be filtered by."""
