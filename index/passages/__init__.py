"""Sentences and the passages that are made of them."""
