"""Numbers in digits and in words of four languages: pieces, places in a list, sums of money, per cent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.text import Token, spelled

_CARDINALS: dict[int, str] = {
    1: "one одні одни один одна одну одно одного одной одной однієї одну una uno un odin odna odnu odni odyn",
    2: "two два две двух двумя двумя дві двох dos dva dve dvi двое двоє двоих",
    3: "three три трех троих трьох tres tri трое троє",
    4: "four четыре четырех чотири чотирьох cuatro chetyre четверо",
    5: "five пять пяти п'ять п'яти cinco piat пятеро п'ятеро",
    6: "six шесть шести шість шести seis",
    7: "seven семь семи сім семи siete",
    8: "eight восемь восьми вісім ocho",
    9: "nine девять девяти дев'ять nueve",
    10: "ten десять десяти десяток diez desiat desyat desyatok",
    11: "eleven одиннадцать одинадцять once",
    12: "twelve двенадцать дванадцять doce dozen дюжина дюжину дюжины docena",
    13: "thirteen тринадцать тринадцять trece",
    14: "fourteen четырнадцать чотирнадцять catorce",
    15: "fifteen пятнадцать п'ятнадцять quince",
    16: "sixteen шестнадцать шістнадцять dieciseis",
    17: "seventeen семнадцать сімнадцять diecisiete",
    18: "eighteen восемнадцать вісімнадцять dieciocho",
    19: "nineteen девятнадцать дев'ятнадцять diecinueve",
    20: "twenty двадцать двадцять veinte",
    21: "veintiun veintiuno veintiuna",
    22: "veintidos",
    23: "veintitres",
    24: "veinticuatro",
    25: "veinticinco",
    26: "veintiseis",
    27: "veintisiete",
    28: "veintiocho",
    29: "veintinueve",
    30: "thirty тридцать тридцять treinta",
    40: "forty сорок cuarenta",
    50: "fifty пятьдесят п'ятдесят cincuenta",
    60: "sixty шестьдесят шістдесят sesenta",
    70: "seventy семьдесят сімдесят setenta",
    80: "eighty восемьдесят вісімдесят ochenta",
    90: "ninety девяносто дев'яносто noventa",
    100: "hundred сто cien ciento",
}
_CARDINAL = {word: number for number, spelled in _CARDINALS.items() for word in spelled.split()}
NUMBER_WORDS = frozenset(_CARDINAL)
_HALVES = frozenset(["half", "media", "пол", "пів"])
_DOZENS = frozenset(["dozen", "docena", "дюжина", "дюжину", "дюжины", "дюжини"])
_HALF_DOZEN = frozenset(["полдюжины", "півдюжини", "полдюжину"])
_JOINS = frozenset(["y", "and"])
_BEFORE_ONCE = frozenset(["at", "for", "only", "just", "than", "not"])  # "at once", "once it comes": English, no eleven
_AFTER_ONCE = frozenset(["i", "you", "it", "he", "she", "we", "they", "the", "my", "a", "more", "again", "in", "and"])
_PAIR = spelled("pair couple пара пару пары парочку парочка пари par")
_UNITS = spelled(
    "piece pieces pcs pc unit units item items шт штука штуки штуку штук штучки штучку штучек штучок "
    "pieza piezas unidad unidades uds"
)
ARTICLES = frozenset(["a", "an", "un", "una", "uno"])
_TIMES = frozenset(["x", "х", "×"])

_ORDINALS: dict[int, str] = {
    1: "first 1st первый первая первое первую первого первой первые перший перша перше першу першого першої "
    "primero primera primer pervyi pervaya pervuyu",
    2: "second 2nd второй вторая второе вторую второго вторые другий другої друге segundo segunda "
    "vtoroi vtoraya vtoruyu",
    3: "third 3rd третий третья третье третью третьего третьей третій третя третє третю третього третьої tercero "
    "tercera tercer tretii tretya",
    4: "fourth 4th четвертый четвертая четвертое четвертую четвертого четвертой четвертий четверта четверте четверту "
    "cuarto cuarta",
    5: "fifth 5th пятый пятая пятое пятую пятого пятой п'ятий п'ята п'яте п'яту п'ятого quinto quinta",
    6: "sixth 6th шестой шестая шестую шостий шоста шосту sexto sexta",
    7: "seventh седьмой седьмая седьмую сьомий сьома сьому septimo septima",
    8: "eighth восьмой восьмая восьмую восьмий восьма восьму octavo octava",
    9: "ninth девятый девятая девятую дев'ятий дев'ята дев'яту noveno novena",
    10: "tenth десятый десятая десятую десятий десята десяту decimo decima",
    12: "twelfth двенадцатый двенадцатая дванадцятий",
    15: "fifteenth пятнадцатый пятнадцатая п'ятнадцятий п'ятнадцята",
    -1: "last последний последняя последнее последнюю последнего последней останній остання останнє останню "
    "останнього ultimo ultima poslednii poslednyaya",
}
_ORDINAL = {word: place for place, spelled in _ORDINALS.items() for word in spelled.split()}
_OFTEN_MISSPELT = ("first", "second", "third")  # the others are too near to other words: "cuanto", "другой", "forth"
_NOT_PLACES = re.compile(
    r"\b(?:(?:a|one|just a|wait a) second|first (?:time|of all|order|name)|last (?:time|order|name|month|week|year|night)|"
    r"at first|(?:в )?перв(?:ый|ого) раз\w*|(?:в )?прошл\w+ раз|последн\w+ (?:раз|действие|изменение|сообщение|заказ)|"
    r"перш\w+ раз|останн\w+ (?:раз|дію|зміну|повідомлення|замовлення)|(?:la )?primera vez|(?:la )?ultima vez|"
    r"first thing|last (?:thing|change|message|step)|"
    r"(?:do|does|will|would|can|should) (?:it|they|these|those|one|that|this) last)\b"
)
_NUMBER_WORDS = frozenset(["number", "option", "variant", "номер", "вариант", "варіант", "opcion", "numero"])
_CHOICE_WORDS = frozenset(["option", "variant", "choice", "вариант", "варіант", "опция", "опцию", "опцію", "opcion"])
_UKRAINIAN = re.compile(r"[іїє]|\b(?:яка|яку|який|що|чи|та|або|довго|вона|цю|ця)\b")
_TO_A_FRIEND = re.compile(r"[ыэъё]|подар|\b(?:моему|своему|лучшему|другу на)\b")  # Russian: no second one
_HOUR = re.compile(r"(?:[01]?\d|2[0-3])[.:][0-5]\d")
_BEFORE_AN_HOUR = re.compile(r"\b(?:at|after|о|об|після|после|в|a las?)\s*$")
_NUMBERED = re.compile(
    r"(?:\b(?:number|no\.|option|variant|nr\.?|номер|вариант|варіант|opcion|numero|el numero|pos\.?)\s*|#|№\s*)(\d{1,2})\b"
)
_PLACE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|-?(?:й|я|ю|ую|ий|ый|ая|ої|го)|º|ª)\b")

_SIGN = (
    r"(?:€|\$|£|₴|₽|eur(?:os?|o's)?\b|usd\b|dollars?\b|bucks?\b|gbp\b|евро\b|евриков\b|evro\b|євро\b|грн\b|руб\w*|уе\b)"
)
_FIGURE = r"\d{1,6}(?:[ .,]\d{3})*(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"(?:(?:€|\$|£)\s?({_FIGURE})(?!\w))|(?:(?<![\w.,])({_FIGURE})\s?{_SIGN})")
_SPELLED_SUM = re.compile(rf"\b([^\W\d_]+(?:'[^\W\d_]+)?)(?:\s([^\W\d_]+))?\s{_SIGN}")
_DECIMAL = re.compile(r"(?<![\w.,:/])(\d{1,5}[.,]\d{2})(?![\w.,:/]*\d)")
_LIMIT = re.compile(
    r"(?:\b(?:under|below|up to|max(?:imum)?|less than|not more than|within|at most|no more than|cheaper than|до|максимум|"
    r"не дороже|в пределах|не дорожче|в межах|menos de|hasta|por debajo de|maximo|no mas de|ar+ou?nd|(?<!how )(?<!what )about|roughly|около|"
    r"примерно|в районе|близько|приблизно|в районі|alrededor de|budget(?: is| of)?|бюджет|presupuesto(?: de)?)|<)\s*$"
)
_FROM = re.compile(
    r"\b(?:from|over|above|at least|more than|от|дороже|від|дорожче|desde|mas de|a partir de|entre|between)\s*$"
)
_NOT_LESS = re.compile(r"\b(?:not less than|no less than|не меньше|не менее|не дешевле|не менше|no menos de)\s*$")
_RANGE = re.compile(rf"(?<![\w.,])(\d{{1,5}})\s?(?:-|to|до|a|y|and|и|і)\s?(\d{{1,5}})\s?{_SIGN}")
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,3})\s?(?:%|percent\b|per cent\b|процент\w*|відсотк\w*|por ciento\b)")


def cardinal(word: str) -> int | None:
    """The number a folded word stands for, articles included (`una` is 1, `a` is not)."""
    if word.isdecimal():
        return int(word) if len(word) <= 4 else None
    if word in _PAIR:
        return 2
    tens, dash, unit = word.partition("-")
    if dash and 20 <= _CARDINAL.get(tens, 0) < 100 and _CARDINAL.get(unit, 10) < 10:  # twenty-five
        return _CARDINAL[tens] + _CARDINAL[unit]
    return _CARDINAL.get(word.removesuffix("'s"))  # "two's enough"


def is_ordinal(word: str) -> bool:
    """Whether a folded word names a place in a list: `second`, `вторую`."""
    return word in _ORDINAL


def is_unit(word: str) -> bool:
    """`pcs`, `штуки`, `piezas`."""
    return word in _UNITS


def number_at(tokens: Sequence[Token], i: int, *, stop: int | None = None) -> tuple[int, int] | None:
    """A count that begins at token `i`: (value, index after it). Knows `x2`, `twenty one`, `a couple of`, `две штуки`."""
    end = len(tokens) if stop is None else stop
    if i >= end:
        return None
    word = tokens[i].word
    if word in _TIMES and i + 1 < end and tokens[i + 1].digits:
        value = cardinal(tokens[i + 1].word)
        return None if value is None else (value, i + 2)
    if word in ("a", "un") and i + 1 < end and (tokens[i + 1].word in _PAIR or tokens[i + 1].word == "dozen"):
        i, word = i + 1, tokens[i + 1].word
    spoken = _half_a_dozen(tokens, i, end) or _spoken(tokens, i, end)
    if spoken is None:
        return None
    value, i = spoken
    while i < end and (tokens[i].word in _UNITS or (tokens[i].word in _TIMES and tokens[i - 1].digits)):
        i += 1
    return value, i


def _half_a_dozen(tokens: Sequence[Token], i: int, end: int) -> tuple[int, int] | None:
    if tokens[i].word in _HALF_DOZEN:
        return 6, i + 1
    if tokens[i].word not in _HALVES:
        return None
    after = i + 2 if i + 1 < end and tokens[i + 1].word in ("a", "of") else i + 1
    return (6, after + 1) if after < end and tokens[after].word in _DOZENS else None


def _spoken(tokens: Sequence[Token], i: int, end: int) -> tuple[int, int] | None:
    """One number, of several words where it has them: `twenty one`, `treinta y cinco`, `сто двадцать`."""
    word = tokens[i].word
    value = cardinal(word)
    if value is None or (word == "once" and not _is_eleven(tokens, i, end)):
        return None
    i += 1
    if word.isdecimal():
        return value, i
    if value < 10 and i < end and tokens[i].word == "hundred":
        value, i = value * 100, i + 1
    for more, most in ((100, 100), (20, 10)):
        joined = i + 1 < end and tokens[i].word in _JOINS
        rest = _CARDINAL.get(tokens[i + joined].word) if i + joined < end else None
        if value >= more and value % most == 0 and rest is not None and rest < most:
            value, i = value + rest, i + joined + 1
    return value, i


def _is_eleven(tokens: Sequence[Token], i: int, end: int) -> bool:
    before = tokens[i - 1].word if i else ""
    return i + 1 < end and tokens[i + 1].word not in _AFTER_ONCE and before not in _BEFORE_ONCE


def _misspelt(word: str) -> int | None:
    """ "secnd", "thrid": the place of an ordinal with one slip that makes it no longer ("seconds" are time)."""
    near = process.extractOne(word, _OFTEN_MISSPELT, scorer=OSA.distance, score_cutoff=1)
    return _ORDINAL[near[0]] if near and 5 <= len(word) <= len(near[0]) else None


def ordinals(folded: str, tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Places named in a list, as (place, start, end); -1 is the last one."""
    found: list[tuple[int, int, int]] = []
    blocked = [m.span() for m in _NOT_PLACES.finditer(folded)]
    for match in (*_NUMBERED.finditer(folded), *_PLACE.finditer(folded)):
        if int(match.group(1)) > 0:
            found.append((int(match.group(1)), match.start(), match.end()))
    for before, token in pairwise(tokens):
        value = cardinal(token.word)
        if before.word in _NUMBER_WORDS and value is not None and not token.digits:
            found.append((value, before.start, token.end))
    for i, token in enumerate(tokens):
        place = _ORDINAL.get(token.word) or _misspelt(token.word)
        if token.word in ("друга", "другого") and _UKRAINIAN.search(folded):
            place = 2  # in Russian it is a friend, and another
        elif token.word == "другу" and not _TO_A_FRIEND.search(folded):
            place = 2
        inside = any(start <= token.start < end for start, end in blocked)
        taken = any(start <= token.start < end for _, start, end in found)
        if place is not None and not inside and not taken:
            named = i + 1 < len(tokens) and tokens[i + 1].word in _CHOICE_WORDS
            found.append((place, token.start, tokens[i + 1].end if named else token.end))
    return sorted(found, key=lambda place: place[1])


def sums(folded: str) -> list[tuple[str, str, int, int]]:
    """Sums of money as (kind, decimal text, start, end); kind is budget, at_least or amount."""
    found: list[tuple[str, str, int, int]] = []
    for match in _RANGE.finditer(folded):
        found.append(("at_least", match.group(1), match.start(), match.end(1)))
        found.append(("budget", match.group(2), match.start(2), match.end()))
    for match in (*_MONEY.finditer(folded), *_DECIMAL.finditer(folded)):
        if any(start < match.end() and match.start() < end for _, _, start, end in found):
            continue
        value = _decimal(next(group for group in match.groups() if group))
        if value is not None and not (match.re is _DECIMAL and _is_a_time(folded, match)):
            before = folded[: match.start()]
            found.append((_sum_kind(before), value, _sum_start(before), match.end()))
    for match in _SPELLED_SUM.finditer(folded):
        amount, start = _spelled_sum(match)
        if amount is not None:
            found.append((_sum_kind(folded[:start]), f"{amount}.00", _sum_start(folded[:start]), match.end()))
    for match in re.finditer(r"(?<![\w.,])\d{1,5}(?![\w.,%/:]*\d|\s?%)", folded):
        bare = not any(start < match.end() and match.start() < end for _, _, start, end in found)
        if bare and _LIMIT.search(folded[: match.start()]) and re.match(r"\s*(?:$|[?!.,;)])", folded[match.end() :]):
            found.append(("budget", match.group(), match.start(), match.end()))
    return sorted(found, key=lambda each: each[2])


def percents(folded: str) -> list[tuple[int, int, int]]:
    """`90%` as (90, start, end)."""
    return [(int(m.group(1)), m.start(), m.end()) for m in _PERCENT.finditer(folded)]


def _sum_kind(before: str) -> str:
    if _NOT_LESS.search(before):
        return "at_least"
    if _LIMIT.search(before):
        return "budget"
    return "at_least" if _FROM.search(before) else "amount"


def _sum_start(before: str) -> int:
    """Where a sum begins, its "not more than" included."""
    limit = _LIMIT.search(before)
    return limit.start() if limit is not None else len(before)


def _spelled_sum(match: re.Match[str]) -> tuple[int | None, int]:
    """`thirty five euros` -> (35, where it begins)."""
    first, second = cardinal(match.group(1)), cardinal(match.group(2) or "")
    if first is not None and second is not None and first >= 20 and second < 10:
        return first + second, match.start()
    if second is not None:
        return second, match.start(2)
    return (first, match.start()) if match.group(2) is None else (None, match.start())


def _is_a_time(folded: str, match: re.Match[str]) -> bool:
    """ "at 18.30": an hour, and no money."""
    return bool(_HOUR.fullmatch(match.group()) and _BEFORE_AN_HOUR.search(folded[: match.start()]))


def _decimal(figure: str) -> str | None:
    figure = figure.replace(" ", "")
    if re.search(r"[.,]\d{1,2}$", figure):
        whole, cents = re.split(r"[.,](?=\d{1,2}$)", figure)
        figure = re.sub(r"[.,]", "", whole) + "." + cents
    else:
        figure = re.sub(r"[.,]", "", figure)
    try:
        return str(Decimal(figure).quantize(Decimal("0.01")))
    except InvalidOperation:
        return None
