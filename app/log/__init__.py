"""The log of questions and feedback: no person stands in it, and writing it holds up no answer."""
