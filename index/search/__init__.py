"""Search: a question to ranked hits, and the protocol of a store."""
