"""Messages in quick succession are one turn: how long a text is waited upon, and the clocks that wait."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from bot.messages import Content, Photo, Text

LONGEST = 5.0  # seconds that a burst may last: then it is answered, and what comes later is another one
ANSWERING = 0.4  # of the window, for somebody who was asked something: most answers are one message
SAID = 0.6  # of the window, for more than a few words
ALBUM = 1.0  # seconds: pictures of one album come one by one, and no sign tells which is the last
FEW = 3  # words: "hi", "black mug" are often only the beginning
_FINISHED = re.compile(r"[.!?…)]\s*$")


def patience(content: Content, *, asked: bool, window: float) -> float:
    """Seconds to wait for more before this is answered: none after a tap, a single photo, or a finished phrase.

    `window`: the longest wait; `asked`: a question is open.
    """
    if isinstance(content, Photo) and content.album:
        return ALBUM
    if not isinstance(content, Text) or _FINISHED.search(content.text):
        return 0.0
    if asked:
        return window * ANSWERING
    return window if len(content.text.split()) <= FEW else window * SAID


class Bursts:
    """Calls `then` with a conversation when its burst is over. The database knows the time, too, for the sweep."""

    def __init__(self, then: Callable[[str], None]) -> None:
        self._then = then
        self._waiting: dict[str, tuple[float, asyncio.TimerHandle]] = {}

    def hold(self, conversation_id: str, seconds: float) -> None:
        """Something came. Wait `seconds` for more, or less when the burst lasts long already; 0 ends the wait."""
        loop = asyncio.get_running_loop()
        first = loop.time()
        if known := self._waiting.pop(conversation_id, None):
            first, clock = known
            clock.cancel()
        left = min(seconds, first + LONGEST - loop.time())
        if left <= 0:
            self._then(conversation_id)
        else:
            self._waiting[conversation_id] = (first, loop.call_later(left, self._over, conversation_id))

    def end(self) -> None:
        """Answer everybody now: the process closes."""
        for conversation_id, (_, clock) in list(self._waiting.items()):
            clock.cancel()
            self._over(conversation_id)

    def _over(self, conversation_id: str) -> None:
        self._waiting.pop(conversation_id, None)
        self._then(conversation_id)
