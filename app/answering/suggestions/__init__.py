"""Suggestions: what can be asked, while a question is typed and after its answer."""
