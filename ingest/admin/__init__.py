"""Commands for administrators: what goes into a knowledge base, what is there, and what became of it."""
