"""What the command lines share: arguments, exit codes, errors."""
