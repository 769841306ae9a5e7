"""A conversation: questions that follow others, and small talk."""
