"""Places of articles: folders, pages of an intranet, and the history of a git repository."""
