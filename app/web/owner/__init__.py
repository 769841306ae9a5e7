"""The owner's pages: who may open them, what they show, and their forms."""
