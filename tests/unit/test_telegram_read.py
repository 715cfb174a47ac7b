"""What Telegram tells, in neutral words: every known kind of update, real samples, and things that are no updates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import telegram as second
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import (
    About,
    Answered,
    Blocked,
    Contact,
    Content,
    Delete,
    Edit,
    Inbound,
    Lent,
    Location,
    Other,
    Photo,
    Search,
    Start,
    Tap,
    Text,
)
from bot.welcome import COMMANDS
from integrations.messenger.telegram.read import SILENT, read_update, update_key
from tests.contracts.botapi_schema import Schema, why_no_schema
from tests.contracts.samples import TELEGRAM, damages, needs_samples, whole

ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Petraitė", "language_code": "pt-br"}
CHAT = {"id": 7, "type": "private", "first_name": "Ana"}


def update(kind: str = "message", /, **content: Any) -> bytes:
    whole = {"message_id": 55, "date": 1_700_000_000, "chat": CHAT, "from": ANA} | content
    return json.dumps({"update_id": 900, kind: whole}).encode()


def tap(**changes: Any) -> bytes:
    keyboard = {"inline_keyboard": [[{"text": "Add", "callback_data": "t1"}, {"text": "Pay", "callback_data": "t2"}]]}
    message = {"message_id": 41, "date": 1_700_000_000, "chat": CHAT, "text": "?", "reply_markup": keyboard}
    query = {"id": "q9", "from": ANA, "message": message, "chat_instance": "1", "data": "t2"} | changes
    return json.dumps({"update_id": 901, "callback_query": query}).encode()


def membership(status: str, chat: dict[str, Any] = CHAT) -> bytes:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "bot"}, "status": status}
    change = {"chat": chat, "from": ANA, "date": 1_700_000_000, "old_chat_member": member, "new_chat_member": member}
    return json.dumps({"update_id": 902, "my_chat_member": change}).encode()


def read(body: bytes) -> Inbound:
    (inbound,) = read_update(body, "lumo")
    return inbound


def content(**fields: Any) -> Content:
    return read(update(**fields)).content


def test_a_message_tells_who_when_and_where() -> None:
    inbound = read(update(text="hi"))
    assert inbound.address.model_dump() == {"channel": "telegram", "account": "lumo", "peer": "7"}
    assert (inbound.event_key, inbound.order, inbound.message) == ("900", 900, "55")
    assert inbound.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (inbound.profile.name, inbound.profile.locale) == ("Ana Petraitė", "pt-br")


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({"text": "white mug"}, Text(text="white mug")),
        ({"text": "this one", "reply_to_message": {"message_id": 12}}, Text(text="this one", reply_to="12")),
        ({"text": "/start"}, Start()),
        ({"text": "/start promo_MUG-5"}, Start(source="promo_MUG-5")),
        ({"text": "/start@lumo_bot ad7"}, Start(source="ad7")),
        ({"text": "/start inline_MUG"}, Start(source="inline", about=About(clues=("MUG",)))),
        ({"text": "/help"}, Tap(payload="menu.help", title="/help")),
        ({"text": "/Cart@lumo_bot"}, Tap(payload="menu.cart", title="/Cart@lumo_bot")),
        ({"text": "/cart please"}, Text(text="cart please")),
        ({"text": "/gift_box two"}, Text(text="gift box two")),
        ({"text": "/ 5"}, Text(text="/ 5")),
        ({"text": "a\x00b\ud800c"}, Text(text="ab\ufffdc")),
        ({"voice": {"file_id": "v"}}, Other(what="voice")),
        ({"sticker": {"file_id": "s"}}, Other(what="sticker")),
        ({"thing_of_2031": {}}, Other(what="thing_of_2031")),
        ({"video": {"file_id": "v"}, "caption": "this throw?"}, Text(text="this throw?")),
        ({"location": {"latitude": 54.6, "longitude": 25.2}}, Location(lat=54.6, lon=25.2)),
        ({"venue": {"location": {"latitude": 54.6, "longitude": 25.2}}}, Location(lat=54.6, lon=25.2)),
        ({"location": {"latitude": 99, "longitude": 25.2}}, Other(what="location")),
        (
            {"contact": {"phone_number": "+3706", "first_name": "Ana", "user_id": 7}},
            Contact(phone="+3706", name="Ana", own=True),
        ),
        (
            {"contact": {"phone_number": "+3706", "first_name": "Bob", "user_id": 8}},
            Contact(phone="+3706", name="Bob", own=False),
        ),
        ({"contact": {"phone_number": "+3706", "first_name": "Bob"}}, Contact(phone="+3706", name="Bob", own=False)),
        (
            {"photo": [{"file_id": "s", "width": 9, "height": 9}, {"file_id": "L", "width": 90, "height": 90}]},
            Photo(reference="L"),
        ),
        (
            {"document": {"file_id": "d", "mime_type": "image/png"}, "caption": "broken"},
            Photo(reference="d", caption="broken"),
        ),
        ({"document": {"file_id": "d", "mime_type": "application/pdf"}}, Other(what="document")),
    ],
)
def test_each_kind_of_message_has_its_meaning(fields: dict[str, Any], meant: Content) -> None:
    assert content(**fields) == meant


def test_a_tap_tells_its_title_receipt_and_message() -> None:
    inbound = read(tap())
    assert inbound.content == Tap(payload="t2", title="Pay", receipt="q9", message="41")
    assert inbound.order == 901


def test_a_tap_on_a_message_too_old_to_be_shown_still_counts() -> None:
    gone = read(tap(message={"message_id": 41, "date": 0, "chat": CHAT}))
    assert gone.content == Tap(payload="t2", receipt="q9", message="41")
    bare = json.loads(tap())
    del bare["callback_query"]["message"]
    assert read(json.dumps(bare).encode()).address.peer == "7"


def test_a_changed_message_is_a_correction() -> None:
    inbound = read(update("edited_message", text="3 mugs", edit_date=1_700_000_060))
    assert inbound.content == Edit(of="55", text="3 mugs")
    assert inbound.at == datetime(2023, 11, 14, 22, 14, 20, tzinfo=UTC)


def test_blocking_and_coming_back_are_told() -> None:
    assert read(membership("kicked")).content == Blocked(on=True)
    assert read(membership("member")).content == Blocked(on=False)


OLGA = {"id": 81, "is_bot": False, "first_name": "Olga"}
US, OTHER = ({"id": id, "is_bot": True, "first_name": "bot"} for id in (42, 43))


def lent(kind: str = "business_message", **content: Any) -> bytes:
    return update(kind, **({"business_connection_id": "bc1"} | content))


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        (lent(text="hi"), Text(text="hi")),
        (lent("edited_business_message", text="3 mugs"), Edit(of="55", text="3 mugs")),
        (lent(text="I am here", **{"from": OLGA}), Answered(text="I am here", by="person")),
        (lent(text="/cart", **{"from": OLGA}), Answered(text="/cart", by="person")),
        (lent(sticker={"file_id": "s"}, **{"from": OLGA}), Answered(text="[sticker]", by="person")),
        (lent(text="away", is_from_offline=True, **{"from": OLGA}), Answered(text="away", by="machine")),
        (lent(text="x", sender_business_bot=OTHER, **{"from": OLGA}), Answered(text="x", by="person")),
        (lent(text="/x", sender_business_bot=US, **{"from": OLGA}), Answered(text="/x", by="us")),
        (
            lent(photo=[{"file_id": "p", "width": 9, "height": 9}], sender_business_bot=US, **{"from": OLGA}),
            Answered(by="us", wordless=True, shown=("image",)),
        ),
    ],
)
def test_a_chat_of_a_lent_account_is_read_with_who_wrote(body: bytes, meant: Content) -> None:
    (inbound,) = read_update(body, "lumo", 42)
    assert inbound.content == meant
    assert inbound.address.model_dump() == {"channel": "telegram_business", "account": "bc1", "peer": "7"}
    assert (inbound.profile.name or "").startswith("Ana")  # the customer's, whoever wrote


@pytest.mark.parametrize(
    "body",
    [
        lent("edited_business_message", text="better words", **{"from": OLGA}),
        lent("message", text="hi"),
        lent(text="hi", business_connection_id=None),
        lent(text="hi", business_connection_id=5),
        lent(text="hi", chat={"id": -5, "type": "group", "title": "g"}),
    ],
)
def test_what_says_nothing_in_a_lent_account(body: bytes) -> None:
    assert read_update(body, "lumo", 42) == ()


def test_a_tap_in_a_lent_account_belongs_to_it() -> None:
    message = json.loads(tap())["callback_query"]["message"] | {"business_connection_id": "bc1"}
    assert read(tap(message=message)).address.account == "bc1"


def test_an_account_is_lent_only_with_the_right_to_answer() -> None:
    def connection(**changes: Any) -> bytes:
        whole = {"id": "bc1", "user": OLGA, "user_chat_id": 81, "date": 1, "is_enabled": True} | changes
        return json.dumps({"update_id": 903, "business_connection": whole}).encode()

    given = {"can_reply": True}
    assert read(connection(rights=given)).content == Lent(on=True)
    assert read(connection(can_reply=True)).content == Lent(on=True)  # before Bot API 9.0
    assert read(connection()).content == Lent(on=False)
    assert read(connection(rights=given, is_enabled=False)).content == Lent(on=False)
    assert read_update(connection(id=None), "lumo") == ()


def test_deleted_messages_are_told_one_by_one() -> None:
    gone = {"business_connection_id": "bc1", "chat": CHAT, "message_ids": [5, 6, 5, True, "7"]}
    inbounds = read_update(json.dumps({"update_id": 904, "deleted_business_messages": gone}).encode(), "lumo")
    assert [inbound.content for inbound in inbounds] == [Delete(of="5"), Delete(of="6")]
    assert [inbound.event_key for inbound in inbounds] == ["904:5", "904:6"]


def test_who_looks_for_goods_elsewhere_is_heard_with_his_language() -> None:
    query = {"id": "q1", "from": ANA, "query": " white mug ", "offset": "50"}
    inbound = read(json.dumps({"update_id": 905, "inline_query": query}).encode())
    assert inbound.content == Search(id="q1", words="white mug", page="50")
    assert inbound.profile.locale == "pt-br"


@pytest.mark.parametrize(
    "body",
    [
        update(text="hi", chat={"id": -5, "type": "group", "title": "g"}),
        update(text="hi", chat={"id": -5, "title": "no type"}),
        update("channel_post", text="hi"),
        update("business_message", text="hi"),
        update(pinned_message={"message_id": 1}),
        update(successful_payment={"total_amount": 1}),
        update(text="hi", **{"from": ANA | {"is_bot": True}}),
        update("edited_message", location={"latitude": 1, "longitude": 1}),
        membership("kicked", {"id": -5, "type": "group"}),
        membership("restricted"),
        tap(data=None),
    ],
)
def test_what_no_customer_said_gives_nothing(body: bytes) -> None:
    assert read_update(body, "lumo") == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"{}",
        b'{"update_id": "7", "message": {"text": "hi"}}',
        b'{"update_id": true, "message": {"text": "hi"}}',
        b'{"update_id": 1e400, "message": 5}',
        b'{"update_id": 5, "message": [1]}',
        b'{"update_id": 5, "message": {"text": "hi"}}',
        b'{"update_id": 5, "message": {"text": "hi", "chat": {"type": "private", "id": "x"}}}',
        b'{"update_id": 5, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
)
def test_garbage_gives_nothing_and_never_raises(body: bytes) -> None:
    assert read_update(body, "lumo") == ()
    assert update_key(body)


def test_strange_times_and_places_do_not_lose_the_words() -> None:
    for strange in (10**15, -(10**15), "soon", None, 1.5, 2**70):
        assert content(text="hi", date=strange, edit_date=strange) == Text(text="hi")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(SILENT)[:40]), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        *("text", "caption", "photo", "location", "venue", "contact", "document", "chat", "from", "date", "message"),
        *("business_connection_id", "message_ids", "user", "rights", "query", "offset", "sender_business_bot"),
        *("data", "reply_to_message", "new_chat_member", "id", "message_id", "voice", "reply_markup"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [
            *("message", "edited_message", "callback_query", "my_chat_member", "business_connection", "inline_query"),
            *("business_message", "edited_business_message", "deleted_business_messages"),
        ]
    ),
    st.dictionaries(FIELDS, JSON, max_size=6),
)
def test_no_shape_of_an_update_raises(kind: str, fields: dict[str, Any]) -> None:
    body = update(kind, **fields)
    for inbound in read_update(body, "lumo"):
        assert inbound.event_key.partition(":")[0] == "900"
        assert Inbound.model_validate_json(inbound.model_dump_json()) == inbound


def test_the_same_bytes_have_the_same_key_and_other_bytes_another() -> None:
    assert update_key(update(text="hi")) == update_key(update(text="hi")) == "900"
    assert update_key(tap()) == "901"
    assert update_key(b"x") == update_key(b"x") != update_key(b"y")


def test_commands_of_the_menu_are_valid_commands() -> None:
    assert all(name.isascii() and name.islower() and len(name) <= 32 for name in COMMANDS)


# ---- samples of the wild -------------------------------------------------------------------------


@needs_samples
@pytest.mark.parametrize("path", TELEGRAM, ids=lambda path: path.stem.removeprefix("telegram__"))
def test_every_sample_is_survived_and_a_second_reader_agrees(path: Any) -> None:
    body = json.dumps(whole(path)).encode()
    inbounds = read_update(body, "lumo")
    assert len({inbound.event_key for inbound in inbounds}) == len(inbounds)
    assert list(inbounds) == list(read_update(body, "lumo"))
    document = json.loads(body)
    if "update_id" not in document:
        assert inbounds == ()
        return
    assert update_key(body) == str(document["update_id"])
    try:
        known = second.Update.de_json(document, second.Bot("1:a"))
    except (KeyError, TypeError):  # lacks fields that are mandatory by now: only our careful reading goes on
        return
    message = known.message or known.edited_message or known.business_message or known.edited_business_message
    if connection := known.business_connection:
        (inbound,) = inbounds
        may_write = connection.is_enabled and bool(connection.rights and connection.rights.can_reply)
        assert (inbound.address.account, inbound.address.peer) == (connection.id, str(connection.user.id))
        assert inbound.content == Lent(on=may_write)
    elif gone := known.deleted_business_messages:
        assert [inbound.content for inbound in inbounds] == [Delete(of=str(number)) for number in gone.message_ids]
        assert {inbound.address.account for inbound in inbounds} == {gone.business_connection_id}
    elif query := known.inline_query:
        (inbound,) = inbounds
        assert inbound.content == Search(id=query.id, words=query.query, page=query.offset)
    elif known.callback_query and known.callback_query.message:
        assert_taps_agree(known.callback_query, inbounds)
    elif message is not None:
        assert_messages_agree(message, inbounds)
    elif known.my_chat_member is None:
        assert inbounds == ()


def assert_taps_agree(query: second.CallbackQuery, inbounds: Any) -> None:
    assert query.message is not None
    if query.message.chat.type != "private":
        assert inbounds == ()
        return
    (inbound,) = inbounds
    assert inbound.content.payload == query.data
    assert inbound.content.receipt == query.id
    assert inbound.address.peer == str(query.message.chat.id)


def assert_messages_agree(message: second.Message, inbounds: Any) -> None:
    if message.chat.type != "private" or (message.from_user and message.from_user.is_bot):
        assert inbounds == ()
        return
    for inbound in inbounds:
        who = message.from_user or message.chat
        through = message.business_connection_id
        assert inbound.address.account == (through or "lumo")
        assert inbound.address.channel == ("telegram_business" if through else "telegram")
        assert inbound.address.peer == str(message.chat.id)
        assert inbound.message == str(message.message_id)
        assert inbound.profile.name == who.full_name
        assert inbound.profile.locale == (message.from_user.language_code if message.from_user else None)
        assert inbound.at == (message.edit_date or message.date)
        match inbound.content:
            case Text(text=text) | Edit(text=text):
                assert text == (message.text or message.caption)
            case Photo(reference=reference, caption=caption):
                assert reference in [size.file_id for size in message.photo]
                assert caption == (message.caption or "")
            case Contact(phone=phone):
                assert message.contact is not None
                assert phone == message.contact.phone_number
            case _:
                assert message.text is None
    if message.text:
        assert inbounds


@pytest.mark.skipif(bool(why_no_schema()), reason=why_no_schema() or "the schema is here")
def test_every_field_of_a_message_is_either_read_or_known_to_be_silent() -> None:
    """A new version of the Bot API shows here what nobody has thought about yet."""
    schema = Schema.load()
    assert schema is not None
    read_or_met = {"text", "caption", "photo", "document", "location", "venue", "contact"} | {
        *("rich_message", "animation", "audio", "live_photo", "paid_media", "sticker", "story", "video", "video_note"),
        *("voice", "checklist", "dice", "game", "poll", "web_app_data"),
    }
    assert set(schema.fields("Message")) - SILENT - read_or_met == set()


@needs_samples
def test_no_damage_to_a_sample_raises() -> None:
    tried = 0
    for path in TELEGRAM:
        for damaged in damages(whole(path)):
            for inbound in read_update(json.dumps(damaged).encode(), "lumo", 1):
                assert Inbound.model_validate_json(inbound.model_dump_json()) == inbound
            tried += 1
    assert tried > 10_000
