"""Reads what a text promises: prices, per cents, dates, times, counts and claims, however they are written. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.guard import words as w
from bot.nlu.daywords import MONTHS, ORDINALS
from bot.nlu.text import fold

Kind = Literal["money", "percent", "span", "clock", "date", "number", "measure", "day", "claim", "odd"]
_UNDIGIT = {
    str(d): chr(0x10D0 + d) for d in range(10)
}  # letters nobody writes here: digits of names become part of them
_LOOKALIKE = dict(zip("асеорхіукмтвнАСЕОРХІУКМТВН", "aceopxiykmtbhACEOPXIYKMTBH", strict=True))
_FIGURE = re.compile(
    r"(?P<place>(?m:^)\d{1,2}[.)] )|(?P<iso>\b\d{4}-\d\d-\d\d\b)|(?P<clock>\b\d{1,2}:\d\d\b)"
    r"|(?P<dmy>\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b)"
    r"|(?P<number>\d+(?:[ .,']\d{3}(?!\d))*(?:[.,]\d+)?)"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_RANGE = re.compile(r"\s*(?:-|to|до|по|and|al?|y|и|і|или|або|чи|or?)\s*(?:the |el |la |las )?$")
_NAMED = re.compile(r"\b(?:the|which|these|those|other|all|эти|из|все|ці|з|із|усі|los|las|estos|estas|otros)\s+$")
_PROMISED_IN = re.compile(
    r"\b(?:in|within|for|per|за|через|в течение|на|протягом|упродовж|en|dentro de|durante|por)\s+(?:just\s+)?$"
)
_DAY_BEFORE = re.compile(r"\b(?:by|on|until|till|from|before|до|к|с|від|з|el|hasta el|para el)\s+(?:the\s+)?$")
_CLOCK_BEFORE = re.compile(
    r"\b(?:at|by|until|till|before|after|в|до|после|о|об|після|a las?|hasta las?|antes de las?)\s+$"
)
_HOURS = r"(?:o'?clock|am|pm|a\.m|p\.m|час(?:а|ов)?|ч|годин\w*|год|de la (?:tarde|manana|noche)|hs?)\b"
_LINK = r"(?:https?://|www\.)\S+|\S+@\S+\.\S+"
_ADJECTIVES = r"(?:of |de )?(?:full |whole |calendar |more |ще |еще |календарн\w+ |naturales |целых |повних )?"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text promises. `unit`: currency, unit of time, or which claim without a figure it is."""

    kind: Kind
    value: Decimal | str
    unit: str
    start: int
    end: int


def plain(text: str, names: tuple[str, ...] = ()) -> str:
    """The text as it is read: one alphabet of digits, no invisible signs, folded; digits of `names` made letters."""
    kept = []
    for sign in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(sign)
        if category in ("Cf", "Me", "Mn") and not sign.isspace():
            continue
        if category == "Nd":
            kept.append(str(unicodedata.decimal(sign)))
        elif category in ("No", "Nl") or (category == "Lo" and unicodedata.numeric(sign, None) is not None):
            kept.append(f" {unicodedata.numeric(sign):g} ")
        else:
            kept.append("-" if category == "Pd" or sign == "\u2212" else " " if category == "Zs" else sign)
    folded = fold("".join(kept)).replace("\u2044", "/")
    folded = re.sub(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)", lambda m: m.group().replace(" ", ""), folded)  # "t e n"
    folded = re.sub(r"[^\W\d_]+", lambda m: _one_script(m.group()), folded)
    for name in sorted(
        (fold(unicodedata.normalize("NFKC", name)) for name in names if _has_digit(name)), key=len, reverse=True
    ):
        folded = re.sub(rf"(?<![\w.,]){re.escape(name)}(?!\w)", _undigit(name), folded)
    return folded


def _has_digit(name: str) -> bool:
    return any(sign.isdigit() for sign in name) and any(sign.isalpha() for sign in name)


def _undigit(text: str) -> str:
    return "".join(_UNDIGIT.get(sign, sign) for sign in text)


def _one_script(word: str) -> str:
    """`frее` with two Cyrillic letters is the English word."""
    if word.isascii() or not any(sign.isascii() for sign in word):
        return word
    latin = "".join(_LOOKALIKE.get(sign, sign) for sign in word)
    if latin.isascii():
        return latin
    back = {v: k for k, v in _LOOKALIKE.items()}
    return "".join(back.get(sign, sign) for sign in word)


def claims(text: str) -> list[Claim]:
    """All claims of a plain text, in order; see `plain`."""
    found = list(_wordy(text))
    taken = [(one.start, one.end) for one in found]
    figures = [one for one in _figures(text) if not any(a < one[2] and one[1] < b for a, b in taken)]
    read = [_classified(text, value, start, end, spelled) for value, start, end, spelled in figures]
    for i in range(len(read) - 2, -1, -1):
        one, other = read[i], read[i + 1]
        if one and other and one.kind == "number" and _RANGE.fullmatch(text[one.end : other.start]):
            read[i] = _of_one_kind(one, other)
    found += [one for one in read if one is not None]
    found += list(_strange(text, found))
    return sorted(_with_cents(text, found), key=lambda one: one.start)


def _of_one_kind(one: Claim, other: Claim) -> Claim:
    """ "3-5 days", "26 to 28 November": the first takes the unit of the second."""
    if other.kind not in ("money", "percent", "span", "date", "clock", "measure") or not isinstance(one.value, Decimal):
        return one
    value: Decimal | str = one.value
    if other.kind == "date":
        value = f"{str(other.value).split('-')[0]}-{int(one.value)}"
    elif other.kind == "clock":
        value = f"{int(one.value):02d}:00"
    return Claim(other.kind, value, other.unit, one.start, one.end)


def _strange(text: str, found: list[Claim]) -> Iterator[Claim]:
    """Money whose figure could not be read ("XII euros"), and addresses to go to."""
    money = "|".join(pattern for _, pattern in w.CURRENCIES)
    for match in re.finditer(rf"(?<!\w)(?:{money})|{_LINK}", text):
        if not any(one.start - 4 <= match.start() < one.end + 4 for one in found if one.kind == "money"):
            yield Claim("odd", match.group(), "", match.start(), match.end())


# ---- claims of words -------------------------------------------------------------------------------


def _wordy(text: str) -> Iterator[Claim]:
    taken: list[tuple[int, int]] = []
    for kind, table in (("day", w.DAYS), ("claim", w.CLAIMS)):
        for unit, pattern in table:
            for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
                if not any(a < match.end() and match.start() < b for a, b in taken):
                    taken.append(match.span())
                    yield Claim(kind, unit, unit, match.start(), match.end())  # type: ignore[arg-type]
    for unit, pattern in w.UNITS:  # "in a week": one, though no number is said
        for match in re.finditer(rf"(?<!\w)(?:an?\s+|one\s+|una?\s+|the\s+)?(?:{pattern})", text):
            if _PROMISED_IN.search(text[: match.start()]) and not any(
                a < match.end() and match.start() < b for a, b in taken
            ):
                yield Claim("span", Decimal(1), unit, match.start(), match.end())


# ---- claims of figures -----------------------------------------------------------------------------


def _figures(text: str) -> Iterator[tuple[object, int, int, bool]]:
    """(value, start, end, spelled): digits and number words."""
    for match in _FIGURE.finditer(text):
        if match["place"]:
            continue  # the number of a line in a list
        if match["iso"]:
            _, month, day = match["iso"].split("-")
            yield ("date", f"{int(month)}-{int(day)}"), match.start(), match.end(), False
        elif match["clock"]:
            yield (
                ("clock", f"{int(match['clock'].split(':')[0]):02d}:{match['clock'].split(':')[1]}"),
                *match.span(),
                False,
            )
        elif match["dmy"]:
            day, month, *_ = re.split(r"[./]", match["dmy"])
            yield ("date", f"{int(month)}-{int(day)}"), match.start(), match.end(), False
        else:
            yield _decimal(match["number"]), match.start(), match.end(), False
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        word = match.group()
        number = word in w.NUMBERS or word in w.PAIRS
        joined = bool(run) and re.fullmatch(r"[\s-]+", text[run[-1].end() : match.start()]) is not None
        if joined and (number or (word in w.AND and _counts(text, match.end()))):
            run.append(match)
            continue
        yield from _spelled(run)
        run = [match] if number else []
    yield from _spelled(run)


def _counts(text: str, at: int) -> bool:
    following = _WORD.match(text, at + 1)
    return bool(following and following.group() in w.NUMBERS)


def _spelled(run: list[re.Match[str]]) -> Iterator[tuple[object, int, int, bool]]:
    """`twenty five` is one number, `two three` are two."""
    total: int | None = None
    start = end = 0
    last = 0
    words = [one for one in run if one.group() not in w.AND or one is not run[-1]]
    vague = True
    for match in words:
        word = match.group()
        if word in w.AND:
            continue
        value = 2 if word in w.PAIRS else w.NUMBERS[word]
        if total is not None and (
            (value < 10 and word not in w.TENS and last in range(20, 1000) and last % 10 == 0)
            or (value < 100 and last >= 100 and last % 100 == 0)
        ):
            total += value
        elif total is not None and word in w.HUNDREDS and total < value:
            total *= value
        else:
            if total is not None:
                yield (Decimal(total), vague), start, end, True
            total, start, vague = value, match.start(), True
        vague = vague and word in w.VAGUE_ONES
        last, end = value if value >= 20 or total == value else 0, match.end()
    if total is not None:
        yield (Decimal(total), vague), start, end, True


def _decimal(figure: str) -> Decimal:
    figure = figure.replace(" ", "").replace("'", "")
    whole, comma, rest = figure.rpartition("." if figure.rfind(".") > figure.rfind(",") else ",")
    if comma and len(rest) != 3:
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{rest}")
    return Decimal(re.sub(r"[.,]", "", figure))


def _classified(text: str, value: object, start: int, end: int, spelled: bool) -> Claim | None:
    before, after = text[:start], text[end:]
    vague = False
    if isinstance(value, tuple):
        if value[0] in ("date", "clock"):
            return Claim(value[0], value[1], "", start, end)
        value, vague = value
    assert isinstance(value, Decimal)
    after = re.sub(r"^\s*(?:-\s*)?", " ", after)
    for currency, pattern in w.CURRENCIES:
        if re.search(rf"(?:{pattern}) *-? *\Z", before) and not spelled:
            return Claim("money", value, currency, start, end)
        if match := re.match(rf" (?:de )?(?:{pattern})", after):
            return Claim("money", value, currency, start, end + match.end() - 1)
    if re.match(rf" {w.CENTS}", after):
        return Claim("money", value / 100, "cents", start, end)
    if re.match(rf" {w.PERCENT}", after):
        return Claim("percent", value, "", start, end)
    for month, pattern in MONTHS:
        if re.match(rf" (?:st|nd|rd|th|го|е)?\.? ?(?:of |de |-?го )?{pattern}", after) or re.search(
            rf"\b{pattern}\.?\s*(?:the )?$", before
        ):
            return Claim("date", f"{month}-{int(value)}", "", start, end)
    working = re.match(rf" {w.WORKING}", after)
    rest = after if not working else " " + after[working.end() :]
    if re.match(rf" ?{_HOURS}", after) and (
        _CLOCK_BEFORE.search(before) or re.match(r" ?(?:o'?clock|am|pm|a\.m|p\.m|de la)", after)
    ):
        late = bool(re.match(r" ?(?:pm|p\.m|de la (?:tarde|noche))", after)) and value < 12
        return Claim("clock", f"{int(value) + 12 * late:02d}:00", "", start, end)
    for unit, pattern in w.UNITS:
        if re.match(rf" ?{_ADJECTIVES}{pattern}", rest):
            after_days = re.match(rf" ?{pattern}\s+(?:laborables|habiles)", rest)
            return Claim("span", value, f"working {unit}" if working or after_days else unit, start, end)
    if match := re.match(rf" ?({w.MEASURES})", after):
        return Claim("measure", value, match[1], start, end)
    if re.match(r" ?[x×х] ?\d", after) or re.search(r"\d ?[x×х] ?$", before):
        return Claim("measure", value, "×", start, end)
    if re.match(rf" ?{w.PIECES}", after) or re.search(w.LEFT, before) or re.search(r"(?:^|\W)[x×х]\s*$", before):
        return Claim("number", value, "pieces", start, end)
    if re.match(r" ?(?:st|nd|rd|th|го|е|º)\b", after) and not spelled:
        return Claim("date", f"?-{int(value)}", "", start, end) if _DAY_BEFORE.search(before) else None
    vague = vague and not w.PAIR_OF.match(text, start)
    if spelled and (vague or _NAMED.search(before)):
        return None
    if not spelled and (re.match(r"[^\W\d_]", text[end:]) or re.search(r"[^\W\d_]\Z", before)):
        return Claim(
            "odd", text[max(0, start - 8) : end + 8], "", start, end
        )  # "1O euro", "l2": not what a price looks like
    return Claim("number", value, "", start, end)


def _with_cents(text: str, found: list[Claim]) -> list[Claim]:
    """`nine euros and fifty cents` is one sum; a date in words ("the fifth of December") is one, too."""
    found.sort(key=lambda one: one.start)
    joined: list[Claim] = []
    for one in found:
        last = joined[-1] if joined else None
        if one.unit == "cents":
            if (
                last
                and last.kind == "money"
                and re.fullmatch(r"\s*\w*\s*(?:and|y|con|и|і|,)?\s*", text[last.end : one.start])
            ):
                joined[-1] = Claim(
                    "money", Decimal(str(last.value)) + Decimal(str(one.value)), last.unit, last.start, one.end
                )
                continue
            one = Claim("money", one.value, "", one.start, one.end)
        joined.append(one)
    for match in _WORD.finditer(text):
        day = ORDINALS.get(match.group())
        for month, pattern in MONTHS if day else ():
            if re.match(rf" (?:of |de )?{pattern}", text[match.end() :]) or re.search(
                rf"\b{pattern} (?:the )?$", text[: match.start()]
            ):
                joined.append(Claim("date", f"{month}-{day}", "", match.start(), match.end()))
    return joined
