"""shop.yml: the demo says what the fixture says, and each mistake is told in one clear line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from base.errors import ShopkeeperError
from base.money import Money
from shop.shopfile import ShopFile, load_shop

DATA = Path(__file__).parents[2] / "data"
LUMO = (DATA / "demo" / "shop.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lumo() -> ShopFile:
    return load_shop(DATA / "demo" / "shop.yml")


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def test_lumo_is_the_fixture_shop(lumo: ShopFile) -> None:
    assert (lumo.name, lumo.currency, lumo.city, lumo.country, lumo.order_prefix) == (
        "Lumo",
        "EUR",
        "Kaunas",
        "LT",
        "LU",
    )
    assert lumo.languages == ("en", "ru", "uk", "es")
    noon = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert lumo.local(noon).isoformat() == "2026-11-24T12:00:00+02:00"
    assert {code: (one.price, str(one.days)) for code, one in lumo.deliveries.items()} == {
        "boxberry": (eur("3.50"), "3–5"),
        "dhl": (eur("6.90"), "2–3"),
        "city_courier": (eur("4.00"), "0–1"),
    }
    assert lumo.deliveries["city_courier"].same_day_until == time(15)
    assert lumo.payments["cod"].limit == eur("100.00")
    assert {code: (one.address, one.city) for code, one in lumo.points.items()} == {
        "VNO-OZAS-1": ("Ozo 25", "Vilnius"),
        "VNO-OZAS-2": ("Ozo 14", "Vilnius"),
        "VNO-CENTRE": ("Gedimino 9", "Vilnius"),
        "KUN-1": ("Karaliaus Mindaugo 49", "Kaunas"),
    }
    assert (lumo.returns.days, lumo.returns.claim_days, lumo.reservation_minutes) == (14, 7, 30)


def test_everything_a_customer_reads_is_there_in_four_languages(lumo: ShopFile) -> None:
    texts = [one.name for one in (*lumo.deliveries.values(), *lumo.payments.values(), *lumo.attributes.values())]
    texts += [promotion.text for promotion in lumo.promotions.values()]
    texts += [suggestion.reason for suggestion in lumo.suggestions]
    lists = [
        *lumo.synonyms,
        *lumo.facts.values(),
        *(one for key in lumo.attributes.values() for one in key.values.values()),
    ]
    for words in (*texts, *lists):
        assert set(words.root) == {"en", "ru", "uk", "es"}, words
        assert all(words.root.values()), words


def test_the_city_courier_stays_in_the_city(lumo: ShopFile) -> None:
    courier = lumo.deliveries["city_courier"]
    assert courier.goes_to("kaunas")
    assert courier.goes_to(None)
    assert not courier.goes_to("Vilnius")
    assert lumo.deliveries["dhl"].goes_to("Vilnius")


def test_managers_are_there_from_nine_to_seven(lumo: ShopFile) -> None:
    assert not lumo.managers_on_duty(datetime(2026, 11, 24, 6, 59, tzinfo=UTC))
    assert lumo.managers_on_duty(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    assert lumo.managers_on_duty(datetime(2026, 11, 29, 16, 59, tzinfo=UTC))
    assert not lumo.managers_on_duty(datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


def test_quiet_hours_go_over_midnight(lumo: ShopFile) -> None:
    assert [lumo.quiet_hours.contains(time(hour)) for hour in (20, 21, 0, 8, 9)] == [False, True, True, True, False]


def test_the_starter_has_a_day_off() -> None:
    starter = load_shop(DATA / "shop.yml")
    assert starter.hours.on(date(2026, 11, 29)) is None
    assert str(starter.hours.on(date(2026, 11, 28))) == "09:00–18:00"
    assert starter.deliveries["courier"].name.said_in("ru") == "courier"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("price: 3.50", "price: 3,50", "deliveries.boxberry.price: '3,50' is not an amount. Write it like 12.00."),
        ("price: 3.50", "prise: 3.50", "deliveries.boxberry.prise: this is not known here. Did you mean 'price'?"),
        ("days: 3-5", "days: soon", "deliveries.boxberry.days: 'soon' are no days. Write them like 3-5."),
        ("Europe/Vilnius", "Europe/Vilna", "zone: 'Europe/Vilna' is no time zone. Write it like Europe/Vilnius."),
        ("currency: EUR", "currency: EURO", "currency: 'EURO' is not a currency. Use an ISO 4217 code, such as EUR."),
        ("currency: EUR\n", "\n", "currency: is missing. Add it."),
        ("limit: 100.00", "limit: -1", "payments.cod.limit: must not be below zero."),
        ("    provider: manual\n", "    provider: stars\n", "payments.cod.stars: is missing. "
         "Write how many Stars 1.00 EUR is."),
        ("  dhl:\n    carrier: sandbox\n", "  dhl:\n", "deliveries.dhl.carrier: is missing. "
         "Write who brings it, or digital: true."),
        ("    account: Lumo, IBAN LT12 1000 0111 0100 1000, Lumo Bank\n", "", "payments.transfer.account: is missing. "
         "Write the IBAN and whose account it is."),
        ("minutes: 30", "minutes: half", "reservation_minutes: must be a whole number, not 'half'."),
        ("until: 15:00", "until: 3 pm", "deliveries.city_courier.same_day_until: '3 pm' is no time of day. "
         "Write it like 15:00."),
        ("  uk: Теплі", "  ua: Теплі", "tagline.ua: 'ua' is not among `languages`. Known: en, es, ru, uk."),
        ("{delivery: boxberry, address: Ozo 25", "{delivery: boxbery, address: Ozo 25",
         "points.VNO-OZAS-1.delivery: 'boxbery' is no delivery of this shop. Did you mean 'boxberry'?"),
        ("gives: {amount: 5.00}", "gives: {amount: 5.00, percent: 3}", "promotions.MUG5.gives: needs exactly "
         "one of percent, amount, free_delivery, bundle_price, free_quantity."),
        ("2026-11-01", "soon", "promotions.BLOGGER15.last_day: must be a date, such as 2026-11-24, not 'soon'."),
        ("reservation_minutes: 30", "reservation_minutes: 30\nrefunds: {approve_over: lots}",
         "refunds.approve_over: 'lots' is not an amount. Write it like 12.00."),
        ("[en, ru, uk, es]", "[en, ru, uk, es", ": did not find expected ',' or ']'. "
         "Check the indentation and the quotes there."),
        ("city: Kaunas\n", "city: Kaunas\ncity: Vilnius\n", ": 'city' stands here twice. "
         "Check the indentation and the quotes there."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in LUMO
    path = tmp_path / "shop.yml"
    path.write_text(LUMO.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ShopkeeperError) as failure:
        load_shop(path)
    assert re.sub(r", line \d+", "", str(failure.value)) == f"{path}{'' if told.startswith(':') else ', '}{told}"


def test_refunds_have_no_limit_unless_the_owner_sets_one(tmp_path: Path, lumo: ShopFile) -> None:
    assert lumo.refunds.approve_over is None
    path = tmp_path / "shop.yml"
    path.write_text(f"{LUMO}\nrefunds: {{approve_over: 100.00}}\n", encoding="utf-8")
    assert load_shop(path).refunds.approve_over == Money(10000, "EUR")


def test_the_line_of_a_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(LUMO.replace("price: 6.90", "prise: 6.90"), encoding="utf-8")
    line = LUMO[: LUMO.index("price: 6.90")].count("\n") + 1
    with pytest.raises(ShopkeeperError) as failure:
        load_shop(path)
    told = f"{path}, line {line}, deliveries.dhl.prise: this is not known here. Did you mean 'price'?"
    assert told in str(failure.value).splitlines()


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(LUMO.replace("3.50", "cheap").replace("minutes: 30", "minutes: half", 1), encoding="utf-8")
    with pytest.raises(ShopkeeperError) as failure:
        load_shop(path)
    assert [line.split(", ")[2].split(":")[0] for line in str(failure.value).splitlines()] == [
        "reservation_minutes",
        "deliveries.boxberry.price",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no `key: value` lines. Start from data/shop.yml."),
        (b"\xff\xfe", "is not UTF-8 text. Save it again as UTF-8."),
        (b"- a\n- b", "has no `key: value` lines. Start from data/shop.yml."),
    ],
)
def test_what_is_no_shop_file_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "shop.yml"
    path.write_bytes(content)
    with pytest.raises(ShopkeeperError) as failure:
        load_shop(path)
    assert str(failure.value) == f"{path} {told}"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError, match="is not there"):
        load_shop(tmp_path / "shop.yml")
