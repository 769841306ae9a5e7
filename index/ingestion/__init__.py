"""From files that were read to encoded passages, with coverage and manifest."""
