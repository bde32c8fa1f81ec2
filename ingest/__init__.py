"""kb/ -> a published index generation: load, structure, metadata, chunk, embed, build, verify, publish."""
