"""Files to articles: folders, encodings, metadata, access, freshness."""
