"""Months, days of the week and holidays in the words of four languages, as patterns over folded text."""

from __future__ import annotations

_MONTHS = (
    "jan(?:uary)?|январ\\w+|янв|січ(?:ень|ня)|enero", "feb(?:ruary)?|феврал\\w+|фев|лют(?:ий|ого)|febrero",
    "mar(?:ch)?|марта?|берез(?:ень|ня)|marzo", "apr(?:il)?|апрел\\w+|апр|квіт(?:ень|ня)|abril",
    "may|ма[йя]|трав(?:ень|ня)|mayo", "june?|июн[ья]|черв(?:ень|ня)|junio", "july?|июл[ья]|лип(?:ень|ня)|julio",
    "aug(?:ust)?|август\\w*|авг|серп(?:ень|ня)|agosto", "sept?(?:ember)?|сентябр\\w+|сен|верес(?:ень|ня)|sep?tiembre",
    "oct(?:ober)?|октябр\\w+|окт|жовт(?:ень|ня)|octubre", "nov(?:ember)?|ноябр\\w+|ноя|листопада?|noviembre",
    "dec(?:ember)?|декабр\\w+|дек|груд(?:ень|ня)|diciembre|dic",
)  # fmt: skip
MONTHS = tuple((n, rf"(?:{words})\b") for n, words in enumerate(_MONTHS, 1))
_ORDINALS = {
    1: "first первое первого первому першого перше primero", 2: "second второе второго второму друге другого",
    3: "third третье третьего третьему третє третього", 4: "fourth четвертое четвертого четверте",
    5: "fifth пятое пятого пятому п'яте п'ятого", 6: "sixth шестое шестого шестому шосте шостого",
    7: "seventh седьмое седьмого седьмому сьоме сьомого", 8: "eighth восьмое восьмого восьмому восьме",
    9: "ninth девятое девятого девятому дев'яте дев'ятого", 10: "tenth десятое десятого десятому десяте",
    11: "eleventh одиннадцатое одиннадцатого одинадцятого", 12: "twelfth двенадцатое двенадцатого дванадцятого",
    13: "thirteenth тринадцатое тринадцатого тринадцятого", 14: "fourteenth четырнадцатого чотирнадцятого",
    15: "fifteenth пятнадцатое пятнадцатого п'ятнадцятого", 16: "sixteenth шестнадцатого шістнадцятого",
    17: "seventeenth семнадцатого сімнадцятого", 18: "eighteenth восемнадцатого вісімнадцятого",
    19: "nineteenth девятнадцатого дев'ятнадцятого", 20: "twentieth двадцатое двадцатого двадцяте двадцятого",
    30: "thirtieth тридцатое тридцатого тридцятого",
}  # fmt: skip
ORDINALS = {word: n for n, listed in _ORDINALS.items() for word in listed.split()}
WEEKDAYS = (  # Monday first
    "monday|понедельник\\w*|понеділ\\w+|lunes", "tuesday|вторник\\w*|вівтор\\w+|martes",
    "wednesday|сред[ауые]|серед[ауиі]|miercoles", "thursday|четверг\\w*|четвер\\w*|jueves",
    "friday|пятниц\\w+|п'ятниц\\w+|viernes", "saturday|суббот\\w+|субот\\w+|sabado",
    "sunday|воскресень\\w+|неділ[яіюе]\\w*|domingo",
)  # fmt: skip
SHORT_WEEKDAYS = ("mon|пн", "tues?|вт", "wed|ср", "thu(?:rs?)?|чт", "fri|пт", "sat|сб", "sun|вс|нд")
HOLIDAYS = (  # the last day on which a present for it is in time, and its words
    ("12-24", "christmas(?: eve)?|xmas|рождеств\\w+|різдв\\w+|navidad(?:es)?|nochebuena|the holidays|las fiestas"),
    (
        "12-31",
        "new year'?s?(?: eve)?|нов(?:ого|ому|ым|ый) год\\w*|нов(?:ого|ому|им|ий) р[оі]к\\w*|ano nuevo|nochevieja",
    ),
    ("01-05", "(?:los )?reyes"),
    ("02-14", "(?:st\\.? )?valentine'?s?(?: day)?|(?:дня )?(?:святого )?валентина|san valentin"),
    ("12-06", "миколая"),
)
DAYS_FROM_TODAY = (  # longer ones first
    (2, "(?:the )?day after tomorrow|послезавтра|післязавтра|pasado manana|poslezavtra"),
    (-2, "(?:the )?day before yesterday|позавчера|позавчора|anteayer|antier"),
    (0, "today|tonight|this (?:morning|afternoon|evening)|сегодня|сьогодні|hoy|esta (?:manana|tarde|noche)|segodnya"),
    (1, "tomorrow|tomorow|tommorow|tommorrow|tmrw?|завтра|(?<!esta )(?<!por la )(?<!de la )manana|zavtra"),
    (-1, "yesterday|вчера|вчора|учора|ayer|vchera"),
)
PARTS = (
    ("morning", "morning|утром|с утра|вранці|зранку|manana"),
    ("day", "afternoon|noon|днем|(?:до|после) обеда|вдень|(?:до|після) обіду|tarde|mediodia"),
    ("evening", "evening|(?:to)?night|вечером|ночью|ввечері|увечері|вночі|noche"),
)
