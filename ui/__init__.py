"""The web page: texts, rendering, layout; no decision of its own."""
