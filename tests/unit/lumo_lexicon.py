"""The words of the fixture shop Lumo, as a Lexicon."""

from __future__ import annotations

from bot.understanding import Lexicon, PointWords, ProductWords, VariantWords, Words


def _product(id: str, names: dict[str, tuple[str, ...]], *variants: tuple[str, dict[str, str]]) -> ProductWords:
    return ProductWords(
        id=id, names=names, variants=tuple(VariantWords(sku=sku, attributes=attributes) for sku, attributes in variants)
    )


_MUG = _product(
    "MUG",
    {
        "en": ("Aurora mug", "mug", "cup"),
        "ru": ("Кружка Аврора", "кружка", "чашка"),
        "uk": ("Кухоль Аврора", "кухоль", "чашка", "горнятко"),
        "es": ("Taza Aurora", "taza"),
    },
    *((f"MUG-{color}", {"color": color}) for color in ("white", "black", "blue")),
)
_TEE = _product(
    "TEE",
    {
        "en": ("Forest tee", "tee", "t-shirt", "tshirt", "shirt"),
        "ru": ("Футболка Лес", "футболка", "майка"),
        "uk": ("Футболка Ліс", "футболка"),
        "es": ("Camiseta Bosque", "camiseta", "playera"),
    },
    *(
        (f"TEE-{color}-{size}", {"color": color, "size": size})
        for color in ("green", "grey", "black")
        for size in ("S", "M", "L", "XL")
    ),
)
_CAN = _product(
    "CAN",
    {
        "en": ("Pine candle", "candle"),
        "ru": ("Свеча Сосна", "свеча", "свечка"),
        "uk": ("Свічка Сосна", "свічка"),
        "es": ("Vela de pino", "vela"),
    },
    ("CAN", {}),
)
_HP = _product(
    "HP",
    {
        "en": ("Wave headphones", "headphones", "earphones", "earbuds"),
        "ru": ("Наушники Волна", "наушники"),
        "uk": ("Навушники Хвиля", "навушники"),
        "es": ("Auriculares Onda", "auriculares", "audífonos"),
    },
    ("HP-black", {"color": "black"}),
)
_BOX = _product(
    "BOX",
    {
        "en": ("Gift box", "box"),
        "ru": ("Подарочная коробка", "коробка"),
        "uk": ("Подарункова коробка", "коробка"),
        "es": ("Caja de regalo", "caja"),
    },
    ("BOX", {}),
)
_THR = _product(
    "THR",
    {
        "en": ("Nordic throw", "throw", "blanket"),
        "ru": ("Плед Нордик", "плед"),
        "uk": ("Плед Нордік", "плед"),
        "es": ("Manta Nórdica", "manta"),
    },
    ("THR", {}),
)
_PIL = _product(
    "PIL",
    {
        "en": ("Nordic pillow", "pillow", "cushion"),
        "ru": ("Подушка Нордик", "подушка"),
        "uk": ("Подушка Нордік", "подушка"),
        "es": ("Cojín Nórdico", "cojín", "almohada"),
    },
    ("PIL", {}),
)


def _words(code: str, en: str, ru: str, uk: str, es: str) -> Words:
    spelled = {"en": en, "ru": ru, "uk": uk, "es": es}
    return Words(code=code, words={locale: tuple(w.split(", ")) for locale, w in spelled.items()})


LUMO = Lexicon(
    version=1,
    products=(_MUG, _TEE, _CAN, _HP, _BOX, _THR, _PIL),
    attributes=(
        _words("color.white", "white", "белый, белая", "білий, біла", "blanco, blanca"),
        _words("color.black", "black", "чёрный, чёрная", "чорний, чорна", "negro, negra"),
        _words("color.blue", "blue", "синий, синяя", "синій, синя", "azul"),
        _words("color.green", "green", "зелёный, зелёная", "зелений, зелена", "verde"),
        _words("color.grey", "grey, gray", "серый, серая", "сірий, сіра", "gris"),
        _words("size.S", "S, small", "S", "S", "S"),
        _words("size.M", "M, medium", "M", "M", "M"),
        _words("size.L", "L, large", "L", "L", "L"),
        _words("size.XL", "XL", "XL", "XL", "XL"),
    ),
    facts=(
        _words(
            "burn_time",
            "burn time, burn",
            "время горения, горит, гореть",
            "час горіння, горить",
            "arde, dura encendida",
        ),
        _words("washable", "washable, wash", "стирать, стирка", "прати, прання", "lavar, lava"),
        _words("material", "material, made of", "материал, из чего", "матеріал, з чого", "material, hecho"),
    ),
    deliveries=(
        _words("boxberry", "Boxberry", "Боксберри", "Боксберрі", "Boxberry"),
        _words("dhl", "DHL", "ДХЛ", "ДХЛ", "DHL"),
        _words("city_courier", "city courier", "городской курьер", "міський кур'єр", "mensajero de la ciudad"),
    ),
    payments=(
        _words("card", "card, credit card", "карта, картой", "картка, карткою", "tarjeta"),
        _words("paypal", "PayPal", "ПейПал", "ПейПал", "PayPal"),
        _words("cod", "cash on delivery", "наложенный платёж", "накладений платіж, післяплата", "contra reembolso"),
    ),
    cities=(
        _words("Vilnius", "Vilnius", "Вильнюс", "Вільнюс", "Vilna, Vilnius"),
        _words("Kaunas", "Kaunas", "Каунас", "Каунас", "Kaunas"),
    ),
    points=(
        PointWords(code="VNO-OZAS-1", city="Vilnius", words="Ozo 25 Vilnius Ozas"),
        PointWords(code="VNO-OZAS-2", city="Vilnius", words="Ozo 14 Vilnius Ozas"),
        PointWords(code="VNO-CENTRE", city="Vilnius", words="Gedimino 9 Vilnius"),
        PointWords(code="KUN-1", city="Kaunas", words="Karaliaus Mindaugo 49 Kaunas"),
    ),
    codes=("WELCOME10", "MUG5", "FREESHIP", "FLASH20", "BLOGGER15"),
    personal_codes=("VIP7X",),
)
