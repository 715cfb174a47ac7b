"""Reads where in a house somebody lives (entrance, floor, flat, intercom) and how old, tall or wide something is.

None of these figures counts pieces. A part of a house belongs to an address; an age or a size says nothing of the cart.
"""

from __future__ import annotations

import re

from bot.nlu.vocabulary import RELATIVES
from bot.understanding import Mention

_PARTS = {  # as written, with accents or without
    "entrance": r"под[ъьʼ'’]?езд\w*|під[ʼ'’]?[їі]зд\w*|парадн\w+|entrance|portal|escalera|staircase|корп(?:\.|ус\w*)?|"
    r"секци[яи]|секці[яї]|bloque",
    "floor": r"этаж\w*|эт\.|поверх\w*|поверс\w+|floor|piso|planta|aukšt\w+|aukst\w+",
    "flat": r"кв\.?|квартир\w+|оф\.|офис\w*|офіс\w*|комнат\w+|кімнат\w+|flat|apt\.?|apartment|room|suite|office|"
    r"puerta|depto\.?|departamento|apartamento|butas|bt\.?",
    "intercom": r"домофон\w*|intercom|entry ?phone|buzzer|telefonillo|interfono|portero",
    "code": r"(?:door|gate|entry|entrance|building|intercom) ?code|код (?:от |на |до |к )?(?:двер\w+|подъезд\w*|"
    r"під[ʼ'’]їзд\w*|домофон\w*|замк\w+|ворот\w*)|c[oó]digo (?:de la puerta|del? portal|de la entrada)",
}
_ALL = "|".join(_PARTS.values())
_LINK = r"\s*(?:is|are|:|=|-|—|–|это|це|es(?: el| la)?)?\s*(?:№|#|no\.?|number|номер|n[ºo°]\.?|n[uú]mero)?\s*"
_OF_A_FLAT = r"\d{1,5}(?:\s?-?\s?[^\W\d_](?=\s*(?:[,.;!?\n]|$))|-?[^\W\d_](?!\w))?(?!\w|[.,/:]\d)"
_COUNTED = r"(?<![\w.,])\d{1,3}\s?-?(?:st|nd|rd|th|[йямюеa-z]|ий|ый|ій|ом|ому|ої|го|er|[ºª°])?"
_PLACE = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|ground|top|перв\w+|втор\w+|трет\w+|ч[ео]тв[её]рт\w+|"
    r"пят\w+|шест\w+|седьм\w+|восьм\w+|девят\w+|десят\w+|перш\w+|друг\w+|п['ʼ’]ят\w+|шост\w+|сьом\w+|дев['ʼ’]ят\w+|"
    r"последн\w+|останн\w+|primer\w?|segund\w|tercer\w?|cuart\w|quint\w|sext\w|s[eé]ptim\w|octav\w|noven\w|d[eé]cim\w|"
    r"[uú]ltim\w"
)
_SIDE = r"(?:izq\w*|izda|dcha|der(?:echa)?|centro)\b\.?|(?-i:[A-H])(?!\w)|[a-h](?=\s*(?:[,.;!?\n]|$))"
_NAMED = rf"(?<![\w-])(?:{_ALL}){_LINK}{_OF_A_FLAT}"
_AT = (
    rf"(?:{_COUNTED}|(?<!\w)(?:{_PLACE}))\s+(?:{_PARTS['entrance']}|{_PARTS['floor']}|квартира|кв\.?)(?!\w|\s?\d)"
    rf"|(?<![\w.,])\d{{1,2}}(?:\s?[ºª°]|[oaо])\s?(?:{_SIDE})"
)
INSIDE = (
    rf"(?:{_NAMED}|{_AT})"  # for re.IGNORECASE: "кв. 8", "flat is 12", "3rd floor", "п'ятий поверх", "2º izquierda"
)
_INSIDE = re.compile(rf"(?<![\w-])(?P<part>{_ALL}){_LINK}(?P<number>{_OF_A_FLAT})|{_AT}", re.IGNORECASE)
_SORTS = [(sort, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for sort, words in _PARTS.items()]

_KIN = "|".join(sorted({word for words in RELATIVES.values() for word in words.split()}))
_AGE = re.compile(
    rf"(?:\b(?:i'?m|i am|(?:he|she)(?:'?s| is)|(?:{_KIN}|kid|baby) (?:is|turns|es)|aged?|возраст\w*|вік|edad)"
    r":?\s+(?P<years>\d{1,2})|\b(?:мне|мені|нам)\s+(?:уже |вже |всего |лише )?(?P<mine>(?:1[4-9]|[2-9]\d)"
    r"(?!\s*(?:[ий]\b|,?\s*(?:пожалуйста|будь|пж)))))"
    r"(?=\s*(?:[,.;!?)\n]|$|and\b|but\b|и\b|і\b|а\b|но\b|y\b))"
)
_BODY = re.compile(
    r"\b(?:height|tall|weight|i weigh|chest|waist|рост\w*|зріст|зросту?|зростом|вес|вешу|вага|важу|обхват|"
    r"груд[ьи]|талия|талія|altura|estatura|mido|peso|pecho|cintura)(?:\s+(?:is|of|de|es))?\s*[:=-]?\s*"
    r"\d{1,3}(?:[.,]\d{1,2})?(?!\w|[.,/:]\d)"
    r"|\b(?:i'?m|i am)\s+(?:1[3-9]\d|2[01]\d|[12][.,]\d\d)(?![\w.,]\d)"
)
_ACROSS = re.compile(r"(?<![\w.,])(\d{2,3})\s?(?:[xх×*]|на|by|por)\s?(\d{2,3})(?!\w|[.,]\d)")
_SHORTEST_SIDE = 30  # in centimetres, of a bed or a cover: "2 x 10" counts pieces


def inside(text: str) -> list[Mention]:
    """Parts of a house: "flat 12", "3rd floor"."""
    return [Mention(kind="inside", value=_briefly(m), start=m.start(), end=m.end()) for m in _INSIDE.finditer(text)]


def is_inside(text: str, start: int = 0) -> bool:
    """Whether a part of a house begins there."""
    return _INSIDE.match(text, start) is not None


def figures(folded: str) -> list[Mention]:
    """Ages, heights, weights, and how wide a bed is: numbers of no use to the cart."""
    across = [m for m in _ACROSS.finditer(folded) if min(map(int, m.groups())) >= _SHORTEST_SIDE]
    found = [*_BODY.finditer(folded), *across]
    found += [m for m in _AGE.finditer(folded) if not any(m.start() < f.end() and f.start() < m.end() for f in found)]
    return [Mention(kind="number", value=m.group(), start=m.start(), end=m.end()) for m in found]


def moved_in(address: str, parts: str) -> str:
    """The address with these parts of the house: in place of the same part that it has, else before its city."""
    for said in parts.split(", "):
        sort = _sort(said)
        same = next((m for m in _INSIDE.finditer(address) if sort and _sort(m.group()) == sort), None)
        if same is not None:
            address = address[: same.start()] + said + address[same.end() :]
            continue
        street, comma, city = address.rpartition(",")
        cityless = not comma or any(map(str.isdigit, city))
        address = f"{address}, {said}" if cityless else f"{street}, {said},{city}"
    return address


def _briefly(match: re.Match[str]) -> str:
    """ "flat is 12" as it stands in an address."""
    return f"{match['part']} {match['number']}" if match["part"] else match.group()


def _sort(said: str) -> str | None:
    return next((sort for sort, words in _SORTS if words.search(said)), None)
