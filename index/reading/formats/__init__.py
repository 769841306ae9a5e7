"""One file format each, to readable text with its structure."""
