"""Text to vectors: models, their exported form and the ways to run them."""
