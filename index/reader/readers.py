"""The readers to choose from, by name."""

SHIPPED, NONE = "shipped", "none"
READERS = (SHIPPED, NONE)
