"""Ways to ask with particular words: acronyms, phrases, exclusions, publishers."""
