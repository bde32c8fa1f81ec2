"""Chinese sentences that the intake of files says to people."""
