"""What a user would build instead, as good as its own documentation makes it: same corpus, same embedder."""
