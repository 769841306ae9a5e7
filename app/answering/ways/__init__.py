"""Ways to ask: what a question says beside its subject, one file a way."""
