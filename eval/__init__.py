"""Asks the same Rag that the page asks, and scores it."""
