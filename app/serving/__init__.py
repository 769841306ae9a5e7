"""Processes, sockets and the live collection that they share."""
