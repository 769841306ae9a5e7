"""Numbers and dates that a question gives or asks for, in sentences and in rows of tables."""
