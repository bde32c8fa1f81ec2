"""Files parsed apart, each in a process under limits, and remembered."""
