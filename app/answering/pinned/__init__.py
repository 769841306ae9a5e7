"""Passages that an owner has pinned to questions: read, kept, and put first in answers."""
