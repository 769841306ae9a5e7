"""How fast it is: beside other pipelines, against the processor's limit, and as the collection grows."""
