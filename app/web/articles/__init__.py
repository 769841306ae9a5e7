"""The list of articles: its order, its search, its topics; and the addresses of articles and their files."""
