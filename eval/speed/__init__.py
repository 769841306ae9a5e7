"""How fast it is: beside others, near the processor's limits, at size, under load."""
