"""Text from outside, made such that every store and every wire can hold it."""

import re

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # controls, and turns of direction


def readable(text: str) -> str:
    """`text` without what steers a terminal or shows letters in another order than they stand; lines and tabs stay."""
    return UNSEEN.sub("", writable(text.replace("\r\n", "\n").replace("\r", "\n")))


def one_line(text: str, most: int) -> str:
    """`text` as it may stand in a list or a log line: readable, one line, at most `most` characters."""
    return " ".join(readable(text).split())[:most].strip()


def writable(text: str) -> str:
    """`text` without zero characters, which PostgreSQL refuses, and with half surrogates replaced by U+FFFD."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
