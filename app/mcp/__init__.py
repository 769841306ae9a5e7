"""Model Context Protocol: the collection as tools for programs that talk with language models."""
