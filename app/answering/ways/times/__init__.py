"""Ways to ask about times: dates, relative times, newest, as of."""
