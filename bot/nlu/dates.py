"""Reads days: "by Friday", "24.12", "через два дня", "pasado mañana". A relative day stays one until it is resolved.

A table of words and datetime's arithmetic, where a library of dates would cost a message as much time as all other
readers together, and takes "$50" for a year. The value of a mention says which day is meant: `+2` days from today,
`2026-12-24`, `12-24` (the nearest one), `m24` (of this month or the next), `w4` (Friday; `w4+` of the next week, `w4-`
the last one), `weekend`, `week` (its last day), `month`; `<` makes it the day before, a part of the day may follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Literal, cast

from bot.nlu.daywords import DAYS_FROM_TODAY, HOLIDAYS, MONTHS, ORDINALS, PARTS, SHORT_WEEKDAYS, WEEKDAYS
from bot.nlu.numbers import NUMBER_WORDS, cardinal
from bot.understanding import Mention

Part = Literal["morning", "day", "evening"]

_AHEAD, _BACK = 300, 65  # days: "20 November" in December was, in January it comes
_BY = (
    r"(?:by|on|until|till|before|for|this|к|ко|до|на|в|во|у|під|под|el|este|para el|para|hasta el|hasta|"
    r"antes de(?:l| el| la)?)\s+(?:the\s+|la\s+)?"
)
_DEADLINE = r"(?:by|until|till|before|for|at|around|к|ко|до|на|під|под|para|hasta|antes de(?:l| la| las)?|por)\s+(?:the\s+|el\s+)?"
_THE_DAY_BEFORE = re.compile(r"\b(?:before|antes de)")
_MONTH = "|".join(rf"(?P<m{n}>{pattern})" for n, pattern in MONTHS)
_ENGLISH_MONTH = "|".join(
    rf"(?P<m{n}>{name})"
    for n, name in enumerate(
        ("jan(?:uary)?", "feb(?:ruary)?", "march", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?", "sept?(?:ember)?",
         "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"), 1,
    )
)  # fmt: skip
_END = r"(?![\w%€$£₴]|[.,:/-]\d|\s?(?:€|\$|£|₴|eur|грн|руб|евро|євро))"
_YEAR = r"(?:,?\s*(?:de\s+)?(?P<year>20\d\d)(?:\s?(?:г\.|года|р\.|року))?)?"
_COUNT = rf"(?P<count>\d{{1,2}}|an?|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}|couple|пару|par)"
_DAYS = r"(?:(?P<days>days?|дн\w+|день|сут\w+|діб|доби|dias?)|(?P<weeks>weeks?|недел\w+|тижн\w+|тиждень|semanas?))\b"
_WEEKDAY = "|".join(rf"(?P<w{n}>(?:{pattern})(?!\w))" for n, pattern in enumerate(WEEKDAYS))
_SHORT = "|".join(rf"(?P<w{n}>(?:{pattern})(?!\w))" for n, pattern in enumerate(SHORT_WEEKDAYS))
_NEXT = r"next|following|следующ\w+|наступн\w+"
_LAST = r"last|past|прошл\w+|минул\w+"
_PART = re.compile(
    r",?\s+(?:in the |on the |a la |al |por la |de la |en la )?(?:"
    + "|".join(f"(?P<{n}>{w})" for n, w in PARTS)
    + r")\b"
)
_STREET_KIND = re.compile(
    r"(?:\b(?:ul|ulitsa|vul|ул|улиц\w+|вул|вулиц\w+|пр|пр-т|просп\w*|пер|переулок|пл|площ\w+|бул|бульвар|calle|avda|avenida|"
    r"av|paseo|plaza|street)[.,]?|c/)\s*$"
)
_NO_DAY = re.compile(r"\b(?:black|happy|good|черн\w+|чорн\w+|feliz|buen|по|с|з)\s+$")
_ANY = re.compile(
    rf"\d\d?[./-]\d|\d(?:st|nd|rd|th|-?го|-?му)|\b(?:{'|'.join(w for _, w in (*MONTHS, *DAYS_FROM_TODAY, *HOLIDAYS))}|{'|'.join(WEEKDAYS)})"
    r"|day|week|month|\b(?:дн|день|недел|тиж|выходн|вихідн|месяц|місяц|semana|mes\b|dias?\b|finde|числ|(?:para|hasta) el|antes del)"
    rf"|\b(?:by|on|next|last|this|before|until|till|в|на|до|к|у) (?:{'|'.join(SHORT_WEEKDAYS)})\b"
)

_Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], "str | None"]]


def read(text: str, folded: str) -> list[Mention]:
    """Every day that is named, with the small words before it and the part of the day after it."""
    found: list[Mention] = []
    if not _ANY.search(folded):
        return found
    for pattern, told in _READERS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < m.end and m.start < end for m in found) or _is_a_street(text, folded, start, end):
                continue
            value = told(match)
            if value is None:
                continue
            if _THE_DAY_BEFORE.match(match.group()) and pattern not in _LASTS:
                value += "<"
            part = _PART.match(folded, end)
            if part is not None:
                value, end = f"{value} {part.lastgroup}", part.end()
            elif value == "+0" and (own := _PART_OF_TODAY.search(match.group())):
                value = f"{value} {own.lastgroup}"
            found.append(Mention(kind="when", value=value, start=start, end=end))
    return sorted(found, key=lambda mention: mention.start)


def resolve(value: str, today: date) -> tuple[date, Part | None]:
    """The day that a mention's value means on the day it was said, and the part of the day where one was named."""
    which, _, part = value.partition(" ")
    day = _day(which.rstrip("<"), today)
    return day - timedelta(days=which.endswith("<")), cast("Part", part) if part else None


def _day(which: str, today: date) -> date:
    if which[0] in "+-":
        return today + timedelta(days=int(which))
    if which.startswith("weekend"):
        return _next(today, 5) + timedelta(days=7 * which.endswith("+"))
    if which.startswith("week"):
        return today + timedelta(days=6 - today.weekday() + 7 * which.endswith("+"))
    if which == "month":
        return (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if which[0] == "w":
        weekday, how = int(which[1]), which[2:]
        if how == "-":
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        if how == "+":
            return today + timedelta(days=7 - today.weekday() + weekday)
        return _next(today + timedelta(days=1), weekday)
    if which[0] == "m":
        return _of_month(int(which[1:]), today)
    if len(which) == 10:
        return date.fromisoformat(which)
    month, day = map(int, which.split("-"))
    years = (year for year in range(today.year - 1, today.year + 9) if _is_day(year, month, day))  # 29.02
    days = [date(year, month, day) for year in years]
    return next((day for day in days if (day - today).days >= -_BACK), days[-1])


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _of_month(number: int, today: date) -> date:
    """The next day with this number."""
    day = today
    while day.day != number:
        day += timedelta(days=1)
    return day


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_a_street(text: str, folded: str, start: int, end: int) -> bool:
    """ "ул. 8 Марта 12", "calle Domingo 5": a name, and "Black Friday": no day of delivery."""
    before = folded[:start]
    if _STREET_KIND.search(before) or _NO_DAY.search(before):
        return True
    house = re.match(r",?\s+(?:д\.?\s?|буд\.?\s?)?\d{1,3}(?![\w.,:]*\d)", folded[end:])
    return bool(house and start == 0 and re.match(r"\d+\s+[А-ЯІЇЄ]", text[start:end]))


# ---- what is read, in this order -----------------------------------------------------------------------


def _whole(match: re.Match[str]) -> str | None:
    year = int(match["year"])
    return _date(int(match["day"]), int(match["month"]), year + 2000 if year < 100 else year)


def _short(match: re.Match[str]) -> str | None:
    first, second = int(match["day"]), int(match["month"])
    return _date(second, first) if second > 12 and "/" in match.group() else _date(first, second)


def _with_month(match: re.Match[str]) -> str | None:
    month = next(n for n in range(1, 13) if match.groupdict().get(f"m{n}"))
    spoken = match["day"]
    day = int(spoken) if spoken.isdecimal() else _spelled(spoken)
    year = match.groupdict().get("year")
    return _date(day, month, int(year) if year else None) if day else None


def _spelled(spoken: str) -> int | None:
    """ "двадцать четвертого", "fifth", "veinticuatro"."""
    values = [ORDINALS.get(word) or cardinal(word) or 0 for word in re.split(r"[ -]", spoken)]
    return sum(values) if len(values) == 1 or (values[0] in (20, 30) and 0 < values[1] < 10) else None


def _date(day: int, month: int, year: int | None = None) -> str | None:
    if not _is_day(year or 2028, month, day):  # a leap year: 29.02 is a day
        return None
    return f"{year}-{month:02d}-{day:02d}" if year else f"{month:02d}-{day:02d}"


def _of_the_month(match: re.Match[str]) -> str | None:
    number = int(match["day"])
    return f"m{number}" if 1 <= number <= 31 else None


def _weekday(match: re.Match[str]) -> str:
    said = match.groupdict()
    which = next(n for n in range(7) if said.get(f"w{n}"))
    return f"w{which}{'-' if said.get('last') or said.get('gone') else '+' if said.get('next') else ''}"


def _counted(match: re.Match[str]) -> str | None:
    days = _length(match)
    return f"+{days}" if days else None


def _ago(match: re.Match[str]) -> str | None:
    days = _length(match)
    return f"-{days}" if days else None


def _length(match: re.Match[str]) -> int | None:
    """Of "three days", "неделю"."""
    spoken = match["count"]
    count = 1 if spoken in (None, "a", "an", "un") else cardinal(spoken)
    return count and count * (7 if match["weeks"] else 1)


def _all(told: Callable[[re.Match[str]], str | None], *patterns: str) -> Iterator[_Reader]:
    for pattern in patterns:
        yield re.compile(pattern), told


def _always(value: str, match: re.Match[str]) -> str:
    return value


def _fixed(*table: tuple[str, str]) -> Iterator[_Reader]:
    for value, pattern in table:
        yield re.compile(rf"\b(?:{pattern})(?!\w)"), partial(_always, value)


_HOLIDAYS: tuple[_Reader, ...] = tuple(_fixed(*((value, rf"{_DEADLINE}(?:{named})") for value, named in HOLIDAYS)))
_LASTS = frozenset(pattern for pattern, _ in _HOLIDAYS)  # "before Christmas": the last day is told already
_PART_OF_TODAY = re.compile("|".join(rf"(?P<{name}>\b(?:{named})\b)" for name, named in PARTS))
_BEFORE_TODAY = r"(?:(?:by|on|for|until|till|before|from|since|до|на|к|с|від|з|para|hasta|desde|antes de)\s+)?"
_DIGITS = r"(?<![\w.,/:-])(?P<day>\d{1,2})"
_TH = r"(?:st|nd|rd|th|-?го|-?е|º)?"
_SPELLED = "|".join(sorted({*ORDINALS, *NUMBER_WORDS}, key=len, reverse=True))
_READERS: tuple[_Reader, ...] = (
    *_all(_whole,
        rf"(?:\b{_BY})?(?<![\w.,/:-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])",
        rf"(?:\b{_BY})?{_DIGITS}[./](?P<month>\d{{1,2}})[./](?P<year>(?:20)?\d\d)(?!\w)"),
    *_all(_with_month,
        rf"(?:\b{_BY})?{_DIGITS}{_TH}\s+(?:of\s+|de\s+)?(?:{_MONTH}){_YEAR}(?!\w)",
        rf"(?:\b{_BY})?\b(?:{_ENGLISH_MONTH})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_END}{_YEAR}",
        rf"(?:\b{_BY})?\b(?P<day>(?:{_SPELLED})(?:[ -](?:{_SPELLED}))?)\s+(?:of\s+|de\s+)?(?:{_MONTH})(?!\w)"),
    *_all(_short,
        rf"\b(?:by|on|until|till|before|до|к|ко|на|від|el|para el|antes del|hasta el)\s+(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2]){_END}",
        rf"\b(?:by|before|until|till|on|до|к|para el|antes del|hasta el|el)\s+(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}}){_END}"),
    *_all(_of_the_month,
        r"\b(?:by|on|before|until|till)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:one|option|item))",
        rf"(?:\b{_BY})?{_DIGITS}(?:-?(?:го|му|е|те))?\s+числ[аоу]\b",
        r"\b(?:до|к)\s+(?P<day>\d{1,2})-?(?:го|му)\b",
        rf"\b(?:antes del|para el|hasta el)\s+(?:dia\s+)?(?P<day>\d{{1,2}}){_END}",
        rf"\bel\s+dia\s+(?P<day>\d{{1,2}}){_END}"),
    *_HOLIDAYS,
    *_fixed(*((f"{days:+d}", rf"{_BEFORE_TODAY}(?:{named})") for days, named in DAYS_FROM_TODAY)),
    *_all(_counted,
        r"\b(?:in|within|dentro de|en|через|за|в течение|протягом|упродовж|впродовж)\s+(?:just\s+|the next\s+)?"
        rf"(?:{_COUNT}\s+(?:of\s+|de\s+)?)?{_DAYS}(?!\s+(?:ago|назад|тому))",
        rf"\b{_COUNT}\s+{_DAYS}\s+from (?:now|today)"),
    *_all(_ago,
        rf"(?:\b{_COUNT}\s+(?:of\s+)?)?\b{_DAYS}\s+(?:ago|назад|тому)\b",
        rf"\bhace\s+{_COUNT}\s+{_DAYS}"),
    *_fixed(
        ("weekend+", rf"(?:{_BY})?(?:next weekend|(?:{_NEXT})\s+(?:выходн\w+|вихідн\w+)|proximo fin de semana)"),
        ("weekend", rf"{_BY}(?:(?:эти|ці|ближайш\w+|найближч\w+)\s+)?(?:weekend|выходн\w+|вихідн\w+|fin de semana|finde)"),
        ("week+", r"next week|на следующ\w+ недел\w+|(?:на )?наступн\w+ тиж\w+|(?:la )?(?:proxima semana|semana que viene)"),
        ("-7", r"last week|на прошл\w+ недел\w+|минулого тижня|la semana pasada"),
        ("week", r"(?:(?:by|until|before) )?(?:the )?end of (?:the|this) week|this week|(?:до|к) конц[ау] недели|"
                 r"на этой неделе|до кінця тижня|(?:на )?цього тижня|esta semana|(?:a )?finales de (?:la )?semana"),
        ("month", r"(?:(?:by|until|before) )?(?:the )?end of (?:the|this) month|(?:до|к) конц[ау] месяца|до кінця місяця|"
                  r"(?:a |antes de )?(?:fin|finales) de mes"),
    ),
    *_all(_weekday,
        rf"(?:\b{_BY})?(?:\b(?:(?P<next>{_NEXT})|(?P<last>{_LAST})|this|coming|эту|этот|это|ближайш\w+|цю|цей|найближч\w+|"
        rf"proximo)\s+)?\b(?:{_WEEKDAY})(?P<gone>\s+pasado)?(?:\s+(?:que viene|proximo))?",
        rf"\b(?:by|on|until|till|before|(?P<next>next)|this|(?P<last>last)|до|в|во|на|к|у)\s+(?:{_SHORT})"),
)  # fmt: skip
