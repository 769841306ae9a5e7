"""Other pipelines as contenders. They run in an environment of their own: nothing of the product is imported here."""
