"""Questions with their answers, measures and reports."""
