"""A question to ranked passages, and the protocol of a store that this needs."""
