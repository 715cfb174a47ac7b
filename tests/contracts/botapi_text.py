"""Reads message text in parse mode HTML as the Bot API does, with its refusals ("Formatting options", 10.3)."""

from __future__ import annotations

from html.parser import HTMLParser

TAGS = {
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "tg-emoji", "tg-time"),
    *("code", "pre", "blockquote"),
}


class BadMarkup(Exception):
    """What the platform calls "can't parse entities"."""


def visible(text: str, parse_mode: str | None) -> str:
    """The text a person sees, trimmed as the platform trims it. Raises BadMarkup."""
    if parse_mode is None:
        return text.strip()
    if parse_mode.lower() != "html":
        raise BadMarkup(f"this server reads parse mode HTML only, not {parse_mode}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise BadMarkup(f"Can't find end tag corresponding to start tag {reader.open[-1]!r}")
    return "".join(reader.seen).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise BadMarkup(f"Unsupported start tag {tag!r} at byte offset {self._offset()}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise BadMarkup(f"Unexpected end tag {tag!r} at byte offset {self._offset()}")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise BadMarkup(f"Unsupported start tag at byte offset {self._offset()}")
        self.seen.append(data)

    def handle_entityref(self, name: str) -> None:
        known = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
        self.seen.append(known.get(name, f"&{name};"))  # the platform leaves unknown names as they are

    def handle_charref(self, name: str) -> None:
        self.seen.append(chr(int(name[1:], 16) if name.lower().startswith("x") else int(name)))

    def handle_comment(self, data: str) -> None:
        raise BadMarkup("Unsupported start tag '!' at byte offset 0")

    def handle_decl(self, decl: str) -> None:
        raise BadMarkup("Unsupported start tag '!' at byte offset 0")

    def handle_pi(self, data: str) -> None:
        raise BadMarkup("Unsupported start tag '?' at byte offset 0")

    def unknown_decl(self, data: str) -> None:
        raise BadMarkup("Unsupported start tag '!' at byte offset 0")

    def _offset(self) -> int:
        return self.getpos()[1]
