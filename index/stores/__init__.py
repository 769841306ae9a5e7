"""Stores of a collection: a folder of builds, or PostgreSQL."""
