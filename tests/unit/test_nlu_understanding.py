"""Understanding as a whole: answers to open questions, repair words, languages, odd input, speed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.acts import Act, Entities, Heard
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context, Lexicon, Offered, OpenQuestion, Parsed, ProductWords, Shown, VariantWords
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

DATA = Path(__file__).parents[2] / "data"
CART = Context(cart=(("TEE-green-M", 2), ("CAN", 1)), last_line="TEE-green-M", product="TEE", sku="TEE-green-M")


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(DATA, MODELS)
    understanding.learn(LUMO)
    return understanding


def hear(understanding: EmbeddedUnderstanding, text: str, context: Context | None = None) -> Heard:
    parsed = Parsed.model_validate_json(understanding.parse(text).model_dump_json())
    return understanding.interpret([parsed], context or Context())


def asking(expects: str, *offered: Offered) -> Context:
    question = OpenQuestion.model_validate({"id": "q", "expects": expects, "offered": offered})
    return Context(question=question, product="TEE", cart=(("CAN", 1),), last_line="CAN")


def _way(title: str, code: str) -> Offered:
    return Offered(title=title, act=Act(intent="inform", entities=Entities(delivery=code)))


DELIVERY = asking(
    "delivery",
    _way("Boxberry · 3.50", "boxberry"),
    _way("DHL courier · 6.90", "dhl"),
    _way("City courier · 4.00", "city_courier"),
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("2", "dhl"), ("the second", "dhl"), ("второй", "dhl"), ("la última", "city_courier"), ("dhl", "dhl"),
        ("boxbery please", "boxberry"), ("city courier", "city_courier"), ("Boxberry · 3.50", "boxberry"),
        ("the cheapest", "boxberry"), ("боксберри", "boxberry"),
    ],
)  # fmt: skip
def test_a_choice_may_be_typed_by_number_title_or_word(said: str, code: str, lumo: EmbeddedUnderstanding) -> None:
    (act,) = hear(lumo, said, DELIVERY).acts
    assert (act.intent, act.entities.delivery) == ("inform", code)


@pytest.mark.parametrize(
    ("expects", "said", "field", "value"),
    [
        ("person", "ana", "person", "Ana"),
        ("person", "Ana Kowalska", "person", "Ana Kowalska"),
        ("person", "me llamo Juan Pérez", "person", "Juan Pérez"),
        ("phone", "860000001", "phone", "+37060000001"),
        ("phone", "my number is 8 600 00001", "phone", "+37060000001"),
        ("email", "it is ana.k@example.com.", "email", "ana.k@example.com"),
        ("address", "ул. Ленина, д. 5, кв. 3", "address", "ул. Ленина, д. 5, кв. 3"),
        ("address", "calle Mayor 12, 3º B, Madrid", "address", "calle Mayor 12, 3º B, Madrid"),
        ("address", "12 Baker Street, London", "address", "12 Baker Street, London"),
        ("address", "Brivibas iela 20-3, LV-1010 Riga", "address", "Brivibas iela 20-3, LV-1010 Riga"),
        ("address", "my office", "saved", "office"),
        ("quantity", "a pair", "quantity", 2),
        ("quantity", "три штуки", "quantity", 3),
        ("rating", "5", "rating", 5),
        ("rating", "4 of 5, slow delivery", "rating", 4),
        ("code", "mug5", "codes", ("MUG5",)),
        ("payment", "картой", "payment", "card"),
        ("point", "near Ozas", "near", "Ozas"),
    ],
)
def test_an_open_question_takes_its_answer(
    expects: str, said: str, field: str, value: object, lumo: EmbeddedUnderstanding
) -> None:
    (act,) = hear(lumo, said, asking(expects)).acts
    assert act.intent in ("inform", "apply_promo"), act
    assert getattr(act.entities, field) == value


@pytest.mark.parametrize("expects", ["person", "address", "phone", "quantity", "code", "city", "point", "email"])
@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("what about returns?", "faq_returns"), ("how long does delivery take?", "faq_delivery"), ("human", "human"),
        ("отмена", "cancel"), ("назад", "go_back"), ("are you a bot?", "bot_challenge"), ("допоможіть", "help"),
    ],
)  # fmt: skip
def test_a_question_or_a_repair_is_never_a_value(
    expects: str, said: str, intent: str, lumo: EmbeddedUnderstanding
) -> None:
    acts = hear(lumo, said, asking(expects)).acts
    assert [act.intent for act in acts] == [intent]


@pytest.mark.parametrize(
    ("said", "acts"),
    [
        ("remove the second", [("remove_from_cart", "CAN", None)]),
        ("remove it", [("remove_from_cart", "TEE-green-M", None)]),
        ("make it L", [("change_variant", "TEE-green-L", None)]),
        ("no, the black one", [("change_variant", "TEE-black-M", None)]),
        ("not 5 but 15", [("change_quantity", "TEE-green-M", 15)]),
        ("swap the candle for a pillow", [("remove_from_cart", "CAN", None), ("add_to_cart", "PIL", 1)]),
        ("quiero 2 tazas negras y 1 blanca", [("add_to_cart", "MUG-black", 2)]),
        ("one more candle", [("add_to_cart", "CAN", 1)]),
    ],
)
def test_the_cart_is_what_it_and_the_ordinals_point_at(
    said: str, acts: list[object], lumo: EmbeddedUnderstanding
) -> None:
    heard = hear(lumo, said, CART).acts
    assert [(a.intent, a.entities.wishes[0].candidates[0], a.entities.wishes[0].quantity) for a in heard] == acts


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("human", "human"), ("оператора!", "human"), ("менеджера будь ласка", "human"),
        ("una persona por favor", "human"),
        ("Undo", "undo"), ("верни как было", "undo"), ("скасуй останнє", "undo"), ("deshaz eso", "undo"),
        ("start over", "restart"), ("начать заново", "restart"), ("спочатку", "restart"),
        ("empezar de nuevo", "restart"),
        ("help!", "help"), ("помощь", "help"), ("допомога", "help"), ("ayuda", "help"),
        ("skip", "skip"), ("пропустить", "skip"), ("omitir", "skip"), ("go back", "go_back"), ("назад", "go_back"),
        ("atrás", "go_back"), ("повторите пожалуйста", "repeat"), ("repite por favor", "repeat"),
        ("never mind", "cancel"),
        ("STOP", "stop_marketing"), ("START", "start_marketing"), ("stop", "cancel"),
        ("stop writing me ads", "stop_marketing"),
    ],
)  # fmt: skip
def test_repair_words_are_reliable(said: str, intent: str, lumo: EmbeddedUnderstanding) -> None:
    (act,) = hear(lumo, said).acts
    assert (act.intent, act.clear) == (intent, True)
    assert act.confidence >= 0.9


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("need a gift for my sister", "en"), ("сколько стоит доставка?", "ru"), ("скільки коштує доставка?", "uk"),
        ("¿cuánto cuesta el envío?", "es"), ("skolko stoit dostavka", "ru"), ("hola", "es"), ("привіт", "uk"),
        ("Gedimino 5, Vilnius", None), ("WELCOME10", None), ("M", None), ("2", None), ("+370 600 00001", None),
        ("👍", None),
    ],
)  # fmt: skip
def test_the_language_is_told_or_left_open(said: str, locale: str | None, lumo: EmbeddedUnderstanding) -> None:
    assert lumo.parse(said).locale == locale


def test_a_short_word_does_not_change_the_customers_language(lumo: EmbeddedUnderstanding) -> None:
    assert lumo.parse("ok", prior="ru").locale in (None, "ru")
    assert lumo.parse("да", prior="uk").locale in (None, "uk", "ru")
    assert lumo.parse("mug", prior="uk").locale != "ru"


def test_digits_have_one_owner(lumo: EmbeddedUnderstanding) -> None:
    act = hear(lumo, "call me at +370 612 34567 tomorrow").acts[0]
    assert (act.entities.phone, act.entities.quantity, act.entities.order_number) == ("+37061234567", None, None)
    act = hear(lumo, "where is LU-7K3F-9QXA?").acts[0]
    assert (act.intent, act.entities.order_number, act.entities.codes) == ("track_order", "LU-7K3F-9QXA", ())
    act = hear(lumo, "something from 20 to 40 euros for my boss").acts[0]
    assert (str(act.entities.at_least), str(act.entities.budget), act.entities.quantity) == ("20.00", "40.00", None)
    act = hear(lumo, "Gedimino 5, Vilnius", asking("address")).acts[0]
    assert (act.entities.address, act.entities.quantity) == ("Gedimino 5, Vilnius", None)
    act = hear(lumo, "code mug5").acts[0]
    assert (act.entities.codes, act.entities.wishes, act.entities.payment) == (("MUG5",), (), None)


@pytest.mark.parametrize("said", ["maybe a candle", "может быть добавить свечу", "quizás una vela"])
def test_a_hedged_wish_is_asked_about_first(said: str, lumo: EmbeddedUnderstanding) -> None:
    acts = hear(lumo, said).acts
    assert all(not act.clear or act.intent not in ("add_to_cart", "remove_from_cart") for act in acts)


@pytest.mark.parametrize(
    ("said", "mood"),
    [
        ("where is my stuff??", "annoyed"),
        ("THIS IS USELESS!!!", "angry"),
        ("hmm not sure", "unsure"),
        ("add a mug", "calm"),
        ("сколько можно", "annoyed"),
    ],
)
def test_mood_is_heard(said: str, mood: str, lumo: EmbeddedUnderstanding) -> None:
    assert hear(lumo, said).mood == mood


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "😀😀",
        "....",
        "?",
        "x" * 10_000,
        "a " * 5_000,
        "1" * 5_000,
        "\x00\x01\ufffe",
        "\ud800",
        "((((",
        "[a](b)",
    ],
)
def test_odd_input_is_survived(said: str, lumo: EmbeddedUnderstanding) -> None:
    parsed = lumo.parse(said)
    assert len(parsed.text) <= 2_000
    assert Parsed.model_validate_json(parsed.model_dump_json()) == parsed
    assert lumo.interpret([parsed], CART).acts


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_itself(lumo: EmbeddedUnderstanding, said: str) -> None:
    from bot.nlu.interpret import interpret
    from bot.nlu.text import tidy

    parsed = lumo._parse(tidy(said), None)  # below the safety net
    assert interpret([parsed], CART, lumo._shop.catalogue, "EUR").acts


def test_the_same_words_mean_the_same_twice(lumo: EmbeddedUnderstanding) -> None:
    shown = Context(shown=(Shown(sku="MUG-white"), Shown(sku="CAN")))
    assert hear(lumo, "the second one, two of them", shown) == hear(lumo, "the second one, two of them", shown)


def test_a_shop_of_a_thousand_products_is_read_in_two_milliseconds(lumo: EmbeddedUnderstanding) -> None:
    kinds = ("scarf", "lamp", "vase", "hoodie", "backpack", "notebook", "bottle", "teapot", "clock", "mirror")
    made = ("red", "warm", "royal", "silver", "quick", "amber", "misty", "polar", "urban", "rustic")
    products = tuple(
        ProductWords(
            id=f"P{i}",
            names={"en": (f"{made[i % 10]}{i} {kinds[i // 10 % 10]}", kinds[i // 10 % 10])},
            variants=(VariantWords(sku=f"P{i}-black", attributes={"color": "black"}),),
        )
        for i in range(1_000)
    )
    lumo.learn(Lexicon(products=(*LUMO.products, *products), attributes=LUMO.attributes))
    try:
        said = ["two blak mugs plese", "oroura mag", "чёрную кружку и свечу", "teapott please", "quiero la taza negra"]
        spent = []
        for text in said * 20:
            began = time.thread_time()
            lumo.parse(text)
            spent.append(time.thread_time() - began)
        assert sorted(spent)[len(spent) // 2] < 0.003
        assert hear(lumo, "amber5 lamp").acts[0].intent != "unknown"
    finally:
        lumo.learn(LUMO)
