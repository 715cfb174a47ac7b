"""Outside servers that help to understand, each optional."""
