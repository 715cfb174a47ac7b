"""Hears how somebody feels: words, capitals and punctuation. Coarse on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.acts import Act
from bot.nlu.text import fold

_ANGRY = re.compile(
    r"\b(?:wtf|fuck\w*|shit\w*|idiot\w*|stupid|dumb|moron\w*|crap|scam\w*|fraud|hate|furious|worst|пош[её]л ты|пошли вы|отвали|заткни\w*|блин|бля\w*|черт|твою мать|идиот\w*|туп(?:ой|ая|ые|ица)|"
    r"задолбал\w*|достал\w*|обман\w*|мошенник\w*|издева\w*|бісит\w*|дурн\w*|дістал\w*|ідіот\w*|шахра\w*|знуща\w*|idiota\w*|mierda|joder|estafa\w*|"
    r"harto|harta|inutil\w*|imbecil\w*|verguenza)\b"
)
_ANNOYED = re.compile(
    r"\b(?:useless|ridiculous|annoying|terrible|awful|already (?:told|said|wrote)|how many times|again\?|still waiting|disappoint\w*|"
    r"уже (?:говорил\w*|сказал\w*|писал\w*)|я же (?:сказал\w*|говорил\w*|писал\w*)|сколько можно|бесполезн\w*|ужас\w*|надоел\w*|"
    r"вже (?:казав|казала|писав|писала)|я ж (?:казав|казала)|скільки можна|марн\w*|жахлив\w*|набрид\w*|"
    r"ya (?:te )?lo (?:dije|he dicho)|cuantas veces|pesim\w*|horrible|molest\w*|decepcion\w*)\b"
)
_UNSURE = re.compile(
    r"\b(?:not sure|don't know|dont know|maybe|hmm+|perhaps|no idea|не знаю|сомнева\w*|может быть|наверно\w*|хз|не впевнен\w*|"
    r"можливо|мабуть|вагаюсь|no se|no estoy segur\w*|quiza\w*|tal vez)\b"
)


def angry(folded: str) -> bool:
    """Whether folded words are those of an angry person."""
    return _ANGRY.search(folded) is not None


def mood(text: str, acts: Sequence[Act]) -> Literal["calm", "unsure", "annoyed", "angry"]:
    """The mood of a turn."""
    folded = fold(text)
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    complains = any(act.intent == "complain" for act in acts)
    marks = text.count("!") >= 3 or "?!" in text or "!?" in text
    if _ANGRY.search(folded) or (complains and (shouted or marks)) or (shouted and marks):
        return "angry"
    if complains or shouted or _ANNOYED.search(folded) or "??" in text or marks:
        return "annoyed"
    return "unsure" if _UNSURE.search(folded) else "calm"
