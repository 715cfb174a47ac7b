"""A message as the words of a template, which has one place for one line: nothing else of it would arrive. Pure."""

from __future__ import annotations

from bot.messages import Choices, Fitted, Link, TextPart


def template_words(message: Fitted) -> str:
    """Its text, then the addresses of its links, and the titles of its buttons, which may be typed."""
    said = [part.text for part in message.parts if isinstance(part, TextPart)]
    if not said:
        return _in_one_line(message.words())
    for part in message.parts:
        if isinstance(part, Link):
            said.append(f"{part.title}: {part.url}" if part.title else part.url)
    titles = [choice.title for part in message.parts if isinstance(part, Choices) for choice in part.choices]
    return _in_one_line(" ".join([*said, f"({' / '.join(titles)})" if titles else ""]))


def _in_one_line(words: str) -> str:
    return " ".join(words.split())
