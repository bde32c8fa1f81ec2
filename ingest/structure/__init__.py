"""Text -> blocks, headings, clauses, sentences and references with exact offsets."""
