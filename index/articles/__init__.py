"""Articles, their catalogue, filters and facets."""
