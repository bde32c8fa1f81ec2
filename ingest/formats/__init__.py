"""One reader a format, each `read(path) -> Extracted`; they run apart, under the limits of `ingest.apart.sandbox`."""
