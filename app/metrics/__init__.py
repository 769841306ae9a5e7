"""Measures of a running server for Prometheus: answers, stages, queue, responses, and the state of the index."""
