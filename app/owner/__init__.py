"""The owner's side of the log: numbers and groups of questions, exports, pins on the command line."""
