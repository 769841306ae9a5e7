"""Processes, sockets and the live collection."""
