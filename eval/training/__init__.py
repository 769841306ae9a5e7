"""Training of the reader: data, made negatives, network, the loop with checkpoints, and its measures."""
