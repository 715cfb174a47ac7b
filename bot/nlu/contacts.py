"""Reads who and where: phones, e-mails, order numbers, persons, postal addresses, "near X", saved places."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

import phonenumbers

from bot.nlu.homes import INSIDE, is_inside
from bot.nlu.text import fold, is_cyrillic
from bot.nlu.vocabulary import RELATIVES
from bot.understanding import Mention

Free = Callable[[int, int], bool]

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_ORDER = re.compile(r"(?<![\w-])[A-Za-z]{1,4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?![\w-])")
_ORDER_WORD = re.compile(
    r"(?:\b(?<!to )(?:order|заказ(?!а(?:ть|ю|л))(?!ыва)\w*|замовлен\w*|pedido|orden)"  # "to order 100 mugs" counts them
    r"\s*(?:number|no\.?|nr\.?|номер|num(?:ero|\.)?|n[ºo°]\.?)?\s*[#№]?\s*|[#№]\s?)"
    r"(\d{3,12})(?![\w-])"
)
_OTHERS = {"ES": ("es",), "UA": ("uk", "ru"), "RU": ("ru",)}  # for numbers that cannot be of the shop's country
_OF_PEOPLE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
_GROUP = re.compile(r"\S*\d")
_PHONE_LIKE = re.compile(r"[+(]?\d[\d\s().\-]{5,20}\d")
_NO_NAME = re.compile(f"{_EMAIL.pattern}|{_PHONE_LIKE.pattern}")
_TIME = re.compile(r"(?<![\w.,])(?:[01]?\d|2[0-3]):[0-5]\d(?!\w)")

_NAME = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ][\w'’ʼ-]+"
_PARTICLE = r"(?:de|del|la|las|los|van|von|der|da|di)"
_KIN = "|".join(sorted({word for listed in RELATIVES.values() for word in listed.split()}))
_FOR_KIN = (
    rf"(?:for|to|на|для|para|a nombre de|recipient|получатель|отримувач)\s+(?:(?:my|mi|мою|моего|мого)\s+)?(?:{_KIN}),?"
)
_KIN_BEFORE = re.compile(rf"\b(?:{_KIN})\s*[,:]\s*$")
_SENDS = (
    r"(?:send|ship|deliver|goes?|post|address)(?: (?:it|this|them|everything|all))? to"  # not "to" alone: to a town
)
_TITLE = r"(?:mr|mrs|ms|dr|sra?|señora?|пан[іу]?|г-н|г-жа)\.? "
_CALLED = re.compile(
    rf"(?:\b(?:my name is|name is|name's|i am|i'm|this is|it's for|it's|its|it is|это|це|"
    rf"меня зовут|зовут|имя|мене звати|звати|ім['’ʼ]я|(?:menia|menya|mene) (?:zovut|zvaty)|imya|imia|"
    rf"me llamo|mi nombre es|soy|на имя|на ім['’ʼ]я|a nombre de|a mi nombre|name|nombre|"
    rf"recipient is|recipient|destinatari[oa]|получатель|отримувач|на меня|на мене|"
    rf"(?:я|(?:офор\w+|запиш\w+) на|(?P<sends>{_SENDS})|{_FOR_KIN})(?=[:,]?\s+(?:{_TITLE})?(?-i:{_NAME}))|"
    rf"(?:for|для|para)(?=\s+\S+[,.]?\s+(?:tel|phone|тел|\+?\d)))[:,]?\s+)"
    rf"(?:(?:не|not|no) {_NAME}(?: {_NAME})?,? (?:а|but|sino) )?"  # "not John but Peter"
    rf"(?:{_TITLE})?"
    rf"(?P<name>(?:{_NAME})(?:\s+{_NAME}){{0,4}})",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"(?:my )?name(?:'s| is)|меня зовут|мене звати|me llamo|mi nombre|(?:menia|menya|mene) (?:zovut|zvaty)|imya|imia",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(rf"(?:{_NAME})(?:\s+(?:{_NAME}|{_PARTICLE})){{0,4}}")

_SMALL = "aeioyавзикосуі"  # one-letter words: a house's letter only where nothing follows ("5 а", not "5 а ещё")
_LETTER = (
    rf"(?:-?[^\W\d_](?![\w'’ʼ])|\s?-?\s?(?![{_SMALL}])[^\W\d_](?![\w'’ʼ])"
    rf"|\s[{_SMALL}](?=\s*(?:[,.;!?\n]|$)))"
)
_HOUSE = rf"\d{{1,4}}(?:\s?[-/]\s?\d{{1,4}})?{_LETTER}?"
_FLAT = rf"(?:,?\s*{INSIDE}|,?\s*(?:к\.|стр\.)\s*\d{{1,4}}{_LETTER}?(?!\w)|,\s*\d{{1,2}}\s?[º°ª]{_LETTER}?)*"
_KIND = (
    r"(?:ul\.?|ulitsa|vul\.?|ул\.?|улица|улице|улицу|вул\.?|вулиця|вулиці|пр\.|пр-т|просп\.?|проспект\w*|пер\.|переулок|пл\.|"
    r"площадь|площа|бул\.?|бульвар|наб\.?|шоссе|проезд|проїзд|мкр\.?|микрорайон|мікрорайон|calle|c/|avda\.?|avenida|av\.?|paseo|plaza|carrera|camino)"
)
_NO_SIZE = r"(?<!size )(?<!talla )(?<!розмір )(?<!размер )"
_WORD = (  # a dot ends a sentence, but for "J. Basanavičiaus"
    rf"(?<!\w)(?!size|talla|розмір|размер)(?:{_NO_SIZE}[^\W\d_]{{1,3}}\.|[^\W\d_][\w'’ʼ-]*)"
)
_GAP = r"[^\S\n]+"
_OF_A_HOUSE = r"д\.?|дом|буд\.?|будинок|house|casa|no\.?|nº|#"
_STREET_FIRST = re.compile(
    rf"\b{_KIND}(?:(?<=[./])\s*|\s+)(?:\d{{1,2}}(?:-\w{{1,3}})?{_GAP})?(?:{_WORD}{_GAP}|{_WORD},\s*){{1,4}}"
    rf"(?:{_OF_A_HOUSE})?\s*{_HOUSE}{_FLAT}",
    re.IGNORECASE,
)
_STREET_AFTER = re.compile(
    rf"(?:(?:(?!(?:and|or|и|или|і|та|й|або|y|e)\b){_WORD}{_GAP}){{1,3}}(?:street|st\.?|road|rd\.?|avenue|ave\.?|lane|drive|square|prospe[ck]t\w*|str\.?|g\.|gatv[eė]|pr\.|al\.|"
    rf"ул\.|вул\.)\s*,?\s*{_HOUSE}{_FLAT})"
    rf"|(?:(?-i:{_NAME}){_GAP}(?:pr|al|g|pl)\s+{_HOUSE}{_FLAT})"
    rf"|(?:(?<![\w.,№#+-]){_HOUSE}{_GAP}(?:(?-i:{_NAME}){_GAP}){{1,3}}(?:street|st\b|road|rd\b|avenue|ave\b|lane|drive|square|prospe[ck]t\w*)\.?{_FLAT})",
    re.IGNORECASE,
)
_WORD_HOUSE = re.compile(
    rf"(?P<street>(?:{_NAME}{_GAP}){{1,3}})(?:(?:{_OF_A_HOUSE})\s?)?(?P<house>{_HOUSE})(?![\w.,:]*\d)(?P<flat>{_FLAT})"
)
_ANY_HOUSE = re.compile(rf"(?P<street>[^\W\d_][\w'’ʼ.-]{{2,}}){_GAP}(?P<house>{_HOUSE})(?![\w.,:]*\d)(?P<flat>{_FLAT})")
_FLAT_BEFORE = re.compile(r"\b(?:flat|apt\.?|apartment|unit|room|office|suite)\s*\d{1,4}\s?[a-z]?,\s*$", re.IGNORECASE)
_POSTCODE = r"(?:[A-Z]{1,2}[ -])?\d{4,6}(?!\d)"
_CITY_AFTER = re.compile(
    rf"\s*,\s*(?:{_POSTCODE}\s+)?(?P<city>{_NAME}(?:\s+{_NAME})?)(?!\s*\d{{1,3}}\b)(?!\w)(?:,?\s+{_POSTCODE})?"
)
_POSTCODE_AFTER = re.compile(rf",?\s+{_POSTCODE}")
_POSTCODE_BETWEEN = re.compile(rf"[\s,]*(?:{_POSTCODE}\s+)?")
_NEAR = re.compile(
    r"\b(?:near(?: to)?|close to|next to|closest to|around|by the|возле|около|рядом с|недалеко "
    r"от|ближе к|у(?= метро| вокзал| станц| озас)|біля|поруч з|"
    r"поруч із|недалеко від|ближче до|коло|cerca de(?:l)?|junto a(?:l)?|al lado de(?:l)?)\s+(?:the\s+|la\s+|el\s+)?"
    r"(?P<place>[^\W\d_][^,.;!?\n]{1,40})"
)
_NEAR_STOPS = re.compile(r"\s+(?:and|и|і|та|y|pay|please|pls|пожалуйста|будь|por favor|with|by|подойд\w*|підійде)\b.*$")
_SAVED = (
    ("office", re.compile(
        r"\b(?:(?:to|at) )?(?:my |the )?(?:office|work(?:place)?)\b(?= |,|\.|!|\?|$)|\b(?:в|на) "
        r"(?:мой |мій )?(?:офис|офіс|работу|роботу)\b|\b(?:a|en) (?:mi |la )?(?:oficina|trabajo)\b|"
        r"\bal trabajo\b")),
    ("home", re.compile(
        r"\b(?:to|at) (?:my )?(?:home|place|house)\b|\bhome\b|\b(?:домой|додому|на дом)\b|\ba (?:mi "
        r")?casa\b")),
)  # fmt: skip
_HOUSE_ONLY = re.compile(
    r"\b(?:дом\w*|буд(?:ин\w*)?|house|flat|portal|building|квартир\w*|кв|numero de casa|casa|piso)\b"
    r"|\b(?:number|numero|номер) \d{1,4}\w?,? (?:and )?(?:not|no|а не|не)\b"
)
_A_HOUSE = re.compile(
    r"\b(?:дом|буд(?:\.|инок)?|house|building|casa)\s*(?:is|це|это|es)?\s*(?:№|#|number|no\.|номер|n[uº]\w*\.?)?\s*\d{1,4}(?!\d)"
)


def exact(text: str, folded: str, country: str, prior: str | None = None) -> list[Mention]:
    """E-mails, links (kind `link`), order numbers, phones, times of day: things of a fixed form,
    in this order of right. `country`: of the shop; `prior`: the customer's language so far.
    """
    found: list[Mention] = []

    def add(kind: str, value: str, start: int, end: int) -> None:
        if not any(start < m.end and m.start < end for m in found):
            found.append(Mention(kind=kind, value=value, start=start, end=end))

    if "@" in text:
        for match in _EMAIL.finditer(text):
            add("email", match.group().rstrip("."), match.start(), match.end())
    for match in _LINK.finditer(text):
        add("link", match.group(), match.start(), match.end())
    for match in _ORDER.finditer(text):
        if any(map(str.isdecimal, match.group())):
            add("order_number", match.group().upper(), match.start(), match.end())
    spoken = "uk" if is_cyrillic(text) and prior not in ("uk", "ru") else prior
    for match in _PHONE_LIKE.finditer(text):
        for number, start, end in _phones(match, country, spoken):
            add("phone", number, start, end)
    for match in _ORDER_WORD.finditer(folded):
        add("order_number", match.group(1), match.start(1), match.end(1))
    for match in _TIME.finditer(text):
        add("time", match.group(), match.start(), match.end())
    return found


def addresses(
    text: str,
    free: Free,
    common: Callable[[str], bool],
    cities: Collection[tuple[str, int, int]],
    no_city: Callable[[str], bool],
    street: Callable[[str], bool] = lambda word: False,
) -> list[Mention]:
    """Streets with a house, the city beside them included.

    `common(word)`: an everyday or a shop word, no street. `no_city(word)`: cannot be the city after a street.
    `street(word)`: a street that the shop knows: no city need stand beside it.
    """
    found: list[Mention] = []
    for pattern in (_STREET_FIRST, _STREET_AFTER, _WORD_HOUSE, _ANY_HOUSE):
        for match in pattern.finditer(text):
            start, end = match.span()
            if pattern in (_WORD_HOUSE, _ANY_HOUSE):
                start = _street_start(match, common)
                beside = any(0 <= a - end <= 3 or 0 <= start - b <= 3 for _, a, b in cities)
                known = street(fold(match["street"].split()[-1]).strip(".,"))
                if (
                    start < 0
                    or is_inside(text, start)
                    or (pattern is _ANY_HOUSE and not (beside or known or match["flat"]))
                ):
                    continue
            if any(start < m.end and m.start < end for m in found) or not free(start, end):
                continue
            flat = _FLAT_BEFORE.search(text[:start])
            if flat is not None and free(flat.start(), start):
                start = flat.start()
            found.append(_with_city(text, start, end, cities, no_city))
    return sorted(found, key=lambda mention: mention.start)


def streets(text: str) -> list[tuple[int, int]]:
    """Where a street is named as one, its house included: no other figure is looked for there."""
    return [match.span() for pattern in (_STREET_FIRST, _STREET_AFTER) for match in pattern.finditer(text)]


def _street_start(match: re.Match[str], common: Callable[[str], bool]) -> int:
    """Where the street begins when everyday words before it are left out; -1 when nothing is left."""
    start = match.start("street")
    for word in re.finditer(r"\S+", match["street"]):
        if common(fold(word.group()).strip(".,")):
            start = -1
        elif start < 0 or word.start() == 0:
            start = match.start("street") + word.start()
    return start


def _with_city(
    text: str, start: int, end: int, cities: Collection[tuple[str, int, int]], no_city: Callable[[str], bool]
) -> Mention:
    street = text[start:end].strip(" ,.")
    for _, a, b in cities:
        if 0 <= a - end <= 14 and _POSTCODE_BETWEEN.fullmatch(text, end, a):
            code = _POSTCODE_AFTER.match(text, b)
            b = code.end() if code else b
            return Mention(kind="address", value=text[start:b].strip(), start=start, end=b)
        if 0 <= start - b <= 3 and not text[b:start].strip(" ,"):
            return Mention(kind="address", value=f"{street}, {text[a:b]}", start=a, end=end)
    after = _CITY_AFTER.match(text, end)
    if after is not None and not no_city(fold(after["city"].split()[0])):
        return Mention(kind="address", value=text[start : after.end()], start=start, end=after.end())
    return Mention(kind="address", value=street, start=start, end=end)


def city_of(address: str) -> str | None:
    """The last part of an address after a comma, when it is words alone: most often the city."""
    last = re.sub(rf"^{_POSTCODE}\s+|,?\s+{_POSTCODE}$", "", address.rpartition(",")[2].strip())
    if is_inside(address.rpartition(",")[2].strip()):
        return None
    return last if "," in address and last and not re.search(r"\d", last) else None


def persons(text: str, free: Free, common: Callable[[str], bool]) -> list[Mention]:
    """Names that are introduced ("my name is …": score 1) and pieces between commas that look like names (score .5)."""
    found: list[Mention] = []
    for match in _CALLED.finditer(text):
        named = match["name"]
        if _OWN_NAME.match(text, match.start()) and not named[0].isupper():  # "my name is bob"
            plain = [word for word in named.split() if not common(fold(word))][:3]
            if plain == named.split()[: len(plain)] and plain and free(match.start("name"), match.end("name")):
                end = match.start("name") + len(" ".join(plain))
                value = " ".join(word[:1].upper() + word[1:] for word in plain)
                found.append(Mention(kind="person", value=value, start=match.start("name"), end=end))
            continue
        name = _proper(match["name"])
        to_a_town = match["sends"] and (" " not in name or "?" in text[match.end() :])
        if (
            name[:1].isupper()
            and not to_a_town
            and free(match.start("name"), match.start("name") + len(name))
            and not common(fold(name.split()[0]))
        ):
            found.append(
                Mention(kind="person", value=name, start=match.start("name"), end=match.start("name") + len(name))
            )
    apart = _NO_NAME.sub(lambda match: "," * len(match.group()), text)  # "Ivan Petrov 860012345"
    for piece in re.finditer(r"[^,;:\n]+", apart):
        bare = piece.group().strip(" .!")
        start = text.index(bare, piece.start()) if bare else piece.start()
        end = start + len(bare)
        if not bare or not _BARE_NAME.fullmatch(bare) or not free(start, end):
            continue
        if any(m.start < end and start < m.end for m in found) or any(
            common(fold(w)) for w in bare.split() if not re.fullmatch(_PARTICLE, w)
        ):
            continue
        introduced = _KIN_BEFORE.search(fold(text[:start])) is not None  # "for my mother, Galina Petrova"
        found.append(Mention(kind="person", value=bare, start=start, end=end, score=1.0 if introduced else 0.5))
    return found


def _proper(said: str) -> str:
    """The words of a name, those that stand between its parts included: "María del Carmen López"."""
    return re.split(rf"\s+(?!{_PARTICLE}\s+(?:{_PARTICLE}\s+)?{_NAME})(?=[a-zа-яіїєґ])", said)[0]


def near_places(text: str, folded: str, free: Free) -> list[Mention]:
    """`near Ozas`: where a pick-up point is wanted."""
    found: list[Mention] = []
    for match in _NEAR.finditer(folded):
        start = match.start("place")
        place = _NEAR_STOPS.sub("", folded[start : match.end("place")]).rstrip()
        end = start + len(place)
        if place and len(place.split()) <= 4 and free(match.start(), end):
            found.append(Mention(kind="near", value=text[start:end], start=match.start(), end=end))
    return found


def saved_places(folded: str) -> list[Mention]:
    """`my office`, `домой`: an address that may be known already."""
    found = [(name, match) for name, pattern in _SAVED for match in pattern.finditer(folded)]
    return [Mention(kind="saved", value=name, start=m.start(), end=m.end()) for name, m in found]


def speaks_of_house(folded: str) -> bool:
    """Whether a number in this clause is that of a house or a flat."""
    return _HOUSE_ONLY.search(folded) is not None


def names_a_house(folded: str) -> bool:
    """Whether a number follows the word for a house: "дом 5"."""
    return _A_HOUSE.search(folded) is not None


def _phones(match: re.Match[str], country: str, spoken: str | None) -> Iterator[tuple[str, int, int]]:
    """The numbers in a run of digits: the longest of the shop's country first, so that "61234567 2 mugs" has one."""
    places = sorted(_OTHERS, key=lambda place: spoken not in _OTHERS[place])
    groups = [group.span() for group in _GROUP.finditer(match.group())]
    first = 0
    while first < len(groups):
        runs = [(match.group()[groups[first][0] : end], end) for _, end in reversed(groups[first:])]
        near = ((typed, end, place) for place in (country, *places) for typed, end in runs)
        found = next(((n, end) for typed, end, place in near if (n := _phone(typed, place, country, spoken))), None)
        if found is not None:
            yield found[0], match.start() + groups[first][0], match.start() + found[1]
            first = next((i for i, (start, _) in enumerate(groups) if start >= found[1]), len(groups))
        else:
            first += 1


def _phone(typed: str, place: str, country: str, spoken: str | None) -> str | None:
    """The number, if it is one of that place. One of another country must be dialled as one dials at home there, or be
    a mobile of somebody who speaks its language: nobody is given a country by chance.
    """
    digits = sum(map(str.isdecimal, typed))
    if digits < 7 or digits > 15:
        return None
    typed = "+" + typed.lstrip("0") if typed.startswith("00") else typed
    try:
        number = phonenumbers.parse(typed, place)
    except phonenumbers.NumberParseException:
        return None
    whole = typed.startswith("+")  # with a country code; without one a slip of the finger is looked for
    if not (phonenumbers.is_possible_number(number) if whole else phonenumbers.is_valid_number(number)):
        return None
    if not whole and place != country:
        plan = phonenumbers.PhoneMetadata.metadata_for_region(place)
        prefix = (plan.national_prefix if plan else None) or ""
        dialled = re.sub(r"\D", "", typed)
        at_home = dialled.startswith((prefix, str(number.country_code)))
        kind = phonenumbers.number_type(number)
        mobile = kind == phonenumbers.PhoneNumberType.MOBILE
        if digits < 9 or kind not in _OF_PEOPLE or not (at_home or (mobile and spoken in _OTHERS[place])):
            return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
