"""Questions about the collection itself: how many articles, which of them, the newest, and their topics."""
