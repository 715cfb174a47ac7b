"""Text from outside, made such that every store and every wire can hold it."""


def writable(text: str) -> str:
    """`text` without zero characters, which PostgreSQL refuses, and with half surrogates replaced by U+FFFD."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
