"""Conversation scripts: read, played through the real turn path on a fresh database, and told as a report."""
