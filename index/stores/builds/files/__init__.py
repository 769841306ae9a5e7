"""The files that make up a build: the catalogue of articles and the vectors."""
