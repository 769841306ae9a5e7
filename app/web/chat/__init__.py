"""The chat's page: its start, the event that answers a question, and answers as HTML and as words."""
