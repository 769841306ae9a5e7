"""A collection in PostgreSQL with pgvector: the other engine behind `index.search.store`."""
