"""What is sent to Messenger and Instagram: always inside Meta's limits, nothing lost; and its errors in our words."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from base.errors import (
    AlreadyAnswered,
    Elsewhere,
    Halted,
    NotPermitted,
    Refused,
    ShopkeeperError,
    TryLater,
    Unreachable,
    WindowClosed,
)
from base.money import Money
from bot.channel import Limits
from bot.messages import (
    Ask,
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Link,
    Outbound,
    Part,
    Receipt,
    ReceiptLine,
    TextPart,
)
from bot.render_fit import fit
from integrations.messenger.facebook import Facebook
from integrations.messenger.instagram import Instagram
from integrations.meta.build import FACEBOOK, INSTAGRAM, Json, Rules, build_call, build_message
from integrations.meta.troubles import Denied, PictureRefused, ShutOut, TooFast, regain, told
from tests.contracts.graph_rules import check_message, words_of

PAY = Link(title="Pay now", url="https://shop.example/pay/abc")
YES = Choices(choices=(Choice(title="Yes", payload="t1"), Choice(title="No", payload="t2")))
WORDS = st.text(st.sampled_from("aя😀 \n.1"), min_size=1, max_size=2500)
TITLES = st.text(st.sampled_from("aя😀 "), min_size=1, max_size=90).map(lambda title: f"x{title}")
CHOICE = st.builds(Choice, title=TITLES, payload=st.text("xt1", min_size=1, max_size=30))
CARD = st.builds(
    Card,
    title=TITLES,
    subtitle=st.just("") | TITLES,
    image=st.none() | st.just("/media/mug.jpg"),
    price=st.just("") | st.just("12.00 €"),
    buttons=st.lists(CHOICE, max_size=5).map(tuple),
)
PART: st.SearchStrategy[Part] = st.one_of(
    st.builds(TextPart, text=WORDS),
    st.builds(Choices, choices=st.lists(CHOICE, max_size=16).map(tuple)),
    st.builds(Cards, cards=st.lists(CARD, min_size=1, max_size=12).map(tuple)),
    st.builds(
        Image, url=st.sampled_from(["/media/mug.jpg", "https://a.example/b.png", "http://localhost/x.png"]), alt=TITLES
    ),
    st.just(PAY),
    st.just(Ask(what="phone", title="Share my number")),
)


def facebook(*parts: Part, pictures: bool = True) -> Json:
    return build_message(Fitted(parts=parts), FACEBOOK, public_url="https://shop.example", pictures=pictures)


@settings(max_examples=150, deadline=None)
@example(
    [
        *[Ask(what="phone", title="Share my number")] * 3,
        Choices(choices=tuple(Choice(title=f"x{n}", payload="1") for n in range(11))),
    ],
    (Facebook, FACEBOOK),
)
@given(st.lists(PART, min_size=1, max_size=5), st.sampled_from([(Facebook, FACEBOOK), (Instagram, INSTAGRAM)]))
def test_whatever_the_shop_says_keeps_metas_limits(parts: list[Part], of: tuple[type, Rules]) -> None:
    limits: Limits = of[0].limits
    for call in fit(Outbound(parts=tuple(parts)), limits):
        check_message(build_message(call, of[1], public_url="https://shop.example"), instagram=of[1] is INSTAGRAM)
        check_message(build_message(call, of[1], pictures=False), instagram=of[1] is INSTAGRAM)


def test_words_with_a_link_are_a_button_template_with_quick_replies_below() -> None:
    built = facebook(TextPart(text="12.00 to pay"), PAY, YES)
    payload = built["attachment"]["payload"]
    assert (payload["template_type"], payload["text"]) == ("button", "12.00 to pay")
    assert payload["buttons"] == [{"type": "web_url", "title": "Pay now", "url": PAY.url}]
    assert [reply["payload"] for reply in built["quick_replies"]] == ["t1", "t2"]


def test_a_link_that_finds_no_button_is_written_out() -> None:
    assert facebook(TextPart(text="x" * 700), PAY)["text"].endswith(f"Pay now: {PAY.url}")
    local = facebook(TextPart(text="Pay"), Link(title="Here", url="http://localhost:8080/pay/1"))
    assert local == {"text": "Pay\n\nHere: http://localhost:8080/pay/1"}
    shown = facebook(Cards(cards=(Card(title="Mug", price="12.00"),)), PAY)
    assert PAY.url in words_of(shown)


def test_a_card_has_price_picture_and_buttons() -> None:
    card = Card(
        title="Mug", subtitle="white", price="12.00", image="/media/m.jpg", buttons=(Choice(title="Add", payload="t"),)
    )
    (element,) = facebook(Cards(cards=(card,)))["attachment"]["payload"]["elements"]
    assert element == {
        "title": "Mug", "subtitle": "12.00 · white", "image_url": "https://shop.example/media/m.jpg",
        "buttons": [{"type": "postback", "title": "Add", "payload": "t"}],
    }  # fmt: skip


def test_a_picture_that_meta_cannot_reach_becomes_its_description() -> None:
    picture = Image(url="https://shop.example/m.jpg", alt="A mug")
    assert facebook(picture)["attachment"]["type"] == "image"
    assert facebook(picture, pictures=False) == {"text": "A mug"}
    assert facebook(Image(url="/m.jpg", alt="A mug"), pictures=True)["attachment"]["payload"]["url"].startswith(
        "https://"
    )
    with pytest.raises(Refused):
        facebook(Image(url="http://localhost/m.jpg"))


def test_the_phone_is_asked_for_by_metas_own_quick_reply() -> None:
    built = facebook(TextPart(text="Your number?"), Ask(what="phone", title="Share"))
    assert built["quick_replies"] == [{"content_type": "user_phone_number"}]
    with pytest.raises(Refused):
        facebook(TextPart(text="Where?"), Ask(what="location"))


def test_the_same_thing_is_asked_for_once() -> None:
    ask = Ask(what="phone", title="Share my number")
    choices = Choices(choices=tuple(Choice(title=f"{n}", payload=f"t{n}") for n in range(11)))
    built = facebook(TextPart(text="Your phone?"), ask, choices, ask, ask)
    assert len(built["quick_replies"]) == 12


def test_instagram_numbers_in_words_what_its_buttons_say() -> None:
    mugs = Cards(cards=tuple(Card(title=f"Mug {n}", buttons=(Choice(title="Take", payload="t"),)) for n in (1, 2)))
    calls = fit(Outbound(parts=(TextPart(text="Which?"), mugs, YES)), Instagram.limits)
    said = [words_of(build_message(call, INSTAGRAM)) for call in calls]
    assert "1. Mug 1\n[Take]\n2. Mug 2\n[Take]" in said[0]
    assert "3. Yes\n4. No" in said[-1]
    assert len(build_message(calls[-1], INSTAGRAM)["quick_replies"]) == 2


def test_instagram_counts_bytes() -> None:
    calls = fit(Outbound(parts=(TextPart(text="щ" * 1200 + " 😀" * 100),)), Instagram.limits)
    texts = [build_message(call, INSTAGRAM)["text"] for call in calls]
    assert all(len(text.encode()) <= 1000 for text in texts)
    assert "".join(texts).count("щ") == 1200
    assert "".join(texts).count("😀") == 100


def test_only_a_managers_words_bear_the_human_tag() -> None:
    assert build_call("7", {"text": "hi"})["messaging_type"] == "RESPONSE"
    assert build_call("7", {"text": "hi"}, human=True)["tag"] == "HUMAN_AGENT"
    signed = build_message(Fitted(parts=(TextPart(text="Hello"),), author="manager", name="Olga"), FACEBOOK)
    assert signed == {"text": "Olga:\nHello"}


@pytest.mark.parametrize(
    ("status", "code", "subcode", "expected"),
    [
        (400, 1, 99, TryLater), (500, 2, 0, TryLater), (503, None, 0, TryLater), (400, 4, 0, TooFast),
        (400, 613, 2534040, TooFast), (400, 10, 2018278, WindowClosed), (400, 10, 2534022, WindowClosed),
        (400, 10, 2018065, WindowClosed), (400, 10, 1893063, Halted), (400, 10, 2018108, Unreachable),
        (400, 551, 0, Unreachable), (400, 200, 1545041, Unreachable), (400, 100, 2018001, Unreachable),
        (400, 100, 2534014, Unreachable), (400, 100, 2018008, PictureRefused), (400, 100, 2534015, Refused),
        (400, 100, 2534037, Elsewhere), (400, 100, 2018300, Elsewhere), (401, 190, 463, Halted), (400, 200, 0, Denied),
        (400, 100, 2534029, ShutOut), (400, 2022, 0, ShutOut), (400, 100, 0, Refused), (400, "x", None, TryLater),
        (400, 10900, 0, AlreadyAnswered), (400, 80006, 0, TooFast), (400, 80002, 2534040, TooFast),
        (400, 551, 1545041, Unreachable), (400, 10, 0, Denied), (400, 200, 2018028, Denied),
        (400, 10, 2018900, NotPermitted), (403, 200, 1357000, NotPermitted), (400, 100, 2022, ShutOut),
    ],
)  # fmt: skip
def test_each_error_of_meta_has_one_meaning(
    status: int, code: object, subcode: object, expected: type[ShopkeeperError]
) -> None:
    body = {"error": {"message": "No\nluck.", "code": code, "error_subcode": subcode, "fbtrace_id": "Az9"}}
    error = told(status, json.dumps(body).encode(), {})
    assert type(error) is expected
    assert "\n" not in str(error)


def test_the_usage_header_says_how_long_to_rest() -> None:
    def header(usage: object) -> dict[str, str]:
        return {"X-Business-Use-Case-Usage": json.dumps(usage)}

    used = {"1": [{"type": "messenger", "estimated_time_to_regain_access": 3}, {"call_count": 100}], "2": None}
    assert regain(header(used)) == 180.0
    others = ("ads_management", "pages", "custom_audience", "leadgen", "")
    for kind, seconds in (("instagram", 180.0), *((other, 0.0) for other in others)):
        assert regain(header({"1": [{"type": kind, "estimated_time_to_regain_access": 3}]})) == seconds
    assert regain({}) == regain(header([])) == regain({"x-business-use-case-usage": "{"}) == 0.0
    error = told(400, json.dumps({"error": {"code": 32}}).encode(), header(used))
    assert isinstance(error, TryLater)
    assert error.after == 180.0


def bill(*lines: tuple[str, int], due: int, number: str = "LU-7K3F-9QXA", currency: str = "EUR") -> Receipt:
    told = tuple(ReceiptLine(title=title, money=Money(minor, currency), amount=f"{minor}") for title, minor in lines)
    money = Money(due, currency)
    return Receipt(number=number, recipient="Ana P.", payment="Card", money=money, lines=told, total=f"{due}")


def test_a_receipt_is_metas_own_and_adds_up_to_the_cent() -> None:
    paid = bill(("3 × Mug", 3597), ("WELCOME10", -360), ("DHL", 690), ("Gift wrap", 0), due=3927)
    built = build_message(Fitted(parts=(paid,)), FACEBOOK)
    payload = built["attachment"]["payload"]
    check_message(built, instagram=False)
    assert payload["summary"] == {"subtotal": 42.87, "total_cost": 39.27}
    assert payload["adjustments"] == [{"name": "WELCOME10", "amount": 3.6}]
    assert [element["price"] for element in payload["elements"]] == [35.97, 6.9, 0]
    yen = build_message(Fitted(parts=(bill(("Mug", 1500), due=1500, currency="JPY"),)), FACEBOOK)
    assert yen["attachment"]["payload"]["summary"]["total_cost"] == 1500


@pytest.mark.parametrize(
    "paid",
    [
        bill(("Mug", 1200), due=1300),
        bill(("Mug", 1200), due=1200, number=""),
        bill(*(("Candle", 1) for _ in range(101)), due=101),
        bill(("Promo", -100), due=-100),
        Receipt(number="LU-1", lines=(ReceiptLine(title="Mug", amount="€12.00"),), total="€12.00"),
    ],
)
def test_a_receipt_that_the_template_could_not_tell_truly_stays_words(paid: Receipt) -> None:
    built = build_message(Fitted(parts=(paid,)), FACEBOOK)
    assert paid.total in built["text"]


def test_a_receipt_beside_a_link_is_said_in_words_with_its_button() -> None:
    paid = bill(("Mug", 1200), due=1200)
    link = Link(title="Follow", url="https://shop.example/t")
    built = build_message(Fitted(parts=(paid, link)), FACEBOOK)
    assert built["attachment"]["payload"]["template_type"] == "button"
    assert "1200" in built["attachment"]["payload"]["text"]
