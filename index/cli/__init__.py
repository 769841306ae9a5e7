"""Arguments, exit codes and error handling shared by the command lines."""
