"""Sentence spans, and passages made of whole sentences."""
