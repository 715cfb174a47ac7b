"""The promise guard: what may leave the bot in words that nobody has checked. Pure.

A text passes when every price, date, count, per cent, time and claim in it is a fact that the engine gave for this
turn, about the thing that the text says it of. Doubt is a no: the deterministic answer is there anyway.
"""

from bot.guard.check import Broken, broken, left_out
from bot.guard.facts import Fact, Facts, of_turn, read_facts, stems, things

__all__ = ["Broken", "Fact", "Facts", "broken", "left_out", "of_turn", "read_facts", "stems", "things"]
