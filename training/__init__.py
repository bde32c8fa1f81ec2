"""Makes the reader's weights; the product never imports this."""
