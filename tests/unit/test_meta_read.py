"""What Messenger and Instagram tell, in neutral words: every sample, damaged samples, and what is no webhook."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import BadSignature
from bot.messages import (
    About,
    Answered,
    Comment,
    Contact,
    Content,
    Delete,
    Edit,
    Enforced,
    Handed,
    Inbound,
    Location,
    Noticed,
    OptedIn,
    Other,
    Photo,
    Reacted,
    Shared,
    Start,
    Tap,
    Text,
)
from integrations.meta.door import challenge
from integrations.meta.read import INBOXES, Source, read_update
from tests.contracts.samples import META, account_of, damages, needs_samples, whole

PAGE, ANA = "100000000000001", "200000000000001"
US = Source("facebook", "page", PAGE)
# What each kind of sample is, by the second part of its file name; None: nobody wrote, so nobody is answered.
KINDS: dict[str, type[Content] | None] = {
    "message_attachment_story_mention": Shared,
    "bare_policy_enforcement": Enforced,
    "policy_enforcement": Enforced,
    "bare_message_text": Text, "message_text": Text, "message_text+message_text": Text, "message_reply_to": Text,
    "story_reply": Text, "bare_message_quick_reply": Tap, "message_quick_reply": Tap, "bare_postback": Tap,
    "postback": Tap, "message_attachment_image": Photo, "bare_message_attachment_image": Photo,
    "message_attachment_location": Location, "bare_message_attachment_location": Location, "message_deleted": Delete,
    **dict.fromkeys((f"message_attachment_{kind}" for kind in ("ig_post", "ig_reel", "share", "post", "reel")), Shared),
    "bare_message_attachment_fallback": Shared,
    "changes_feed_comment": Comment, "changes_comments": Comment,
    "message_edit": Edit, "referral": Start, "bare_referral": Start, "message_referral": Start,
    "message_unsupported": Other, "standby_message_text": Text,
    "standby_postback": Tap,
    "bare_delivery": Noticed, "delivery": Noticed, "bare_read": Noticed, "read": Noticed,
}  # fmt: skip
ODD: dict[str, type[Content] | None] = {  # samples that are not what their name says
    "message_attachment_image__meta-docs-sticker-transition": Other,
    "bare_message_attachment_image__bottender_2": Other,
    "bare_message_attachment_image__bottender_3": Other,
    "bare_message_attachment_image__bottender_4": Other,
    "message_text__chatwoot-meta-dashboard-test": Text,
    "read__chatwoot": None,  # its moments are no numbers
    "optin__meta-docs": OptedIn,
    "optin__meta-docs-stop": OptedIn,
    "postback__meta-docs-getstarted-ref": Start,
    "postback__vercel-chat-replay_2": Start,
}


def update(*items: dict[str, Any], account: str = PAGE) -> bytes:
    return json.dumps(
        {"object": "page", "entry": [{"id": account, "time": 1_772_998_114_000, "messaging": items}]}
    ).encode()


def item(**happened: Any) -> dict[str, Any]:
    return {"sender": {"id": ANA}, "recipient": {"id": PAGE}, "timestamp": 1_772_998_114_123} | happened


def message(**told: Any) -> list[Content]:
    return [inbound.content for inbound in read_update(update(item(message={"mid": "m1"} | told)), US)]


def one(**happened: Any) -> Inbound:
    (inbound,) = read_update(update(item(**happened)), US)
    return inbound


def read_sample(told: dict[str, Any], path: Path) -> list[Inbound]:
    """What is read by the account that the first item was sent to."""
    channel = "instagram" if path.name.startswith("instagram") else "facebook"
    kind = "instagram" if channel == "instagram" else "page"
    return list(read_update(json.dumps(told).encode(), Source(channel, kind, account_of(path))))


def test_a_message_tells_who_when_and_where() -> None:
    inbound = one(message={"mid": "m_1", "text": "hi", "reply_to": {"mid": "m_0"}})
    assert inbound.content == Text(text="hi", reply_to="m_0")
    assert (inbound.address.channel, inbound.address.account, inbound.address.peer) == ("facebook", PAGE, ANA)
    assert (inbound.event_key, inbound.message, inbound.order) == ("m_1", "m_1", 1_772_998_114_123)
    assert inbound.at.isoformat() == "2026-03-08T19:28:34.123000+00:00"


def test_everything_in_a_batch_is_read_and_one_bad_item_spoils_nothing() -> None:
    body = update(
        item(message={"mid": "a", "text": "one"}), {"sender": 3}, None, item(message="x"),  # type: ignore[arg-type]
        item(message={"mid": "b", "text": ["two"]}), item(message={"mid": "c", "text": "three"}),
    )  # fmt: skip
    assert [inbound.content for inbound in read_update(body, US)] == [Text(text="one"), Text(text="three")]


def test_buttons_come_by_their_payload_and_the_menu_with_its_language() -> None:
    assert message(text="Add", quick_reply={"payload": "t1"}) == [Tap(payload="t1", title="Add")]
    assert one(postback={"mid": "p", "title": "Buy", "payload": "t2"}).content == Tap(payload="t2", title="Buy")
    pressed = one(postback={"title": "Мій кошик", "payload": "menu.cart.uk"})
    assert (pressed.content, pressed.profile.locale) == (Tap(payload="menu.cart", title="Мій кошик"), "uk")
    assert one(postback={"payload": "menu.cart.xx"}).content == Tap(payload="menu.cart.xx")
    assert one(postback={"payload": "GET_STARTED", "referral": {"ref": "sku-42"}}).content == Start(source="sku-42")
    assert message(text="+37060000001", quick_reply={"payload": "+37060000001"}) == [Contact(phone="+37060000001")]
    assert message(text="ana@shop.lt", quick_reply={"payload": "ana@shop.lt"}) == [Text(text="ana@shop.lt")]


def test_pictures_take_the_words_beside_them_and_the_unreadable_is_not_met_with_silence() -> None:
    picture = {"type": "image", "payload": {"url": "https://cdn.example/1.jpg"}}
    sticker = {"type": "image", "payload": {"url": "https://cdn.example/s.png", "sticker_id": 369239263222822}}
    voice = {"type": "audio", "payload": {"url": "https://cdn.example/1.mp4"}}
    shown = Photo(reference="https://cdn.example/1.jpg")
    assert message(attachments=[picture, picture], text="these?") == [
        shown.model_copy(update={"caption": "these?"}),
        shown,
    ]
    assert message(attachments=[sticker]) == [Other(what="sticker")]
    assert message(attachments=[voice, voice]) == [Other(what="voice")]
    assert message(attachments=[voice], text="listen") == [Text(text="listen")]
    assert message(attachments=[{"type": "ephemeral"}]) == [Other(what="ephemeral")]
    assert message(is_unsupported=True) == [Other(what="unsupported")]


def test_what_people_speak_of_comes_with_their_words() -> None:
    story = {"id": "17900000000000001", "url": "https://cdn.example/s.jpg"}
    (asked,) = message(text="price?", reply_to={"story": story})
    assert asked == Text(text="price?", about=About(post=story["id"], clues=(story["url"],)))
    assert message(text="x", reply_to={"story": {"id": "../me"}}) == [Text(text="x", about=About())]
    post = {"type": "ig_post", "payload": {"url": "https://x.example", "title": "#CAN", "ig_post_media_id": "9"}}
    about = About(post="9", clues=("https://x.example", "#CAN"))
    assert message(attachments=[post]) == [Shared(about=about)]
    assert message(text="how much?", attachments=[post]) == [Text(text="how much?", about=about)]
    link = {"type": "fallback", "title": "Lumo", "url": "https://lumo.example/#THR"}
    assert message(attachments=[link]) == [
        Shared(about=About(clues=("https://lumo.example/#THR", "Lumo"), link=True), what="link")
    ]
    assert message(attachments=[{"type": "story_mention", "payload": {"url": "https://x.example"}}]) == [
        Shared(about=About(clues=("https://x.example",)), what="mention")
    ]
    opened = message(text="Is this available?", referral={"product": {"id": "MUG-white"}})
    assert opened == [
        Start(source="product:MUG-white"),
        Text(text="Is this available?", about=About(clues=("MUG-white",))),
    ]


def test_edits_and_deletions_name_the_message_and_repeat_no_key() -> None:
    first, second = (one(message_edit={"mid": "m1", "text": f"{n} mugs", "num_edit": n}) for n in (1, 2))
    assert (first.content, second.content) == (Edit(of="m1", text="1 mugs"), Edit(of="m1", text="2 mugs"))
    gone = one(message={"mid": "m1", "is_deleted": True})
    assert gone.content == Delete(of="m1")
    keys = {inbound.event_key for inbound in (first, second, gone, one(message={"mid": "m1", "text": "x"}))}
    assert len(keys) == 4


def test_where_a_person_came_from_is_told_before_what_he_wrote() -> None:
    shown = {"ad_id": "77", "ads_context_data": {"product_id": "MUG-white", "post_id": "9_1", "ad_title": "Mugs"}}
    about = About(post="9_1", clues=("MUG-white", "Mugs"))
    by_ad = Start(source="ad:77", about=about)
    assert one(referral=shown).content == by_ad
    assert one(postback={"payload": "GET_STARTED", "referral": shown}).content == by_ad
    assert message(referral=shown) == [by_ad]
    assert message(referral=shown, text="price?") == [Start(source="ad:77"), Text(text="price?", about=about)]
    told = message(text="price?", referral={"ad_id": "77", "source": "ADS"})
    assert told == [Start(source="ad:77"), Text(text="price?")]
    assert one(referral={"ref": "spring", "source": "SHORTLINK", "type": "OPEN_THREAD"}).content == Start(
        source="spring"
    )


@pytest.mark.parametrize(
    "happened",
    [
        {"read": {}},
        {"delivery": {"mids": ["m"]}},
        {"read": {"watermark": "soon"}},
        {"reaction": {"mid": "m", "action": "unreact", "emoji": "❤"}},
        {"take_thread_control": {"new_owner_app_id": "2"}},
        {"optin": {"type": "notification_messages"}},
        {},
    ],
)
def test_what_nobody_wrote_is_not_answered(happened: dict[str, Any]) -> None:
    assert read_update(update(item(**happened)), US) == ()


def test_what_others_sent_from_our_account_is_a_take_over() -> None:
    ours = Source("facebook", "page", PAGE, app="77")

    def echo(**told: Any) -> list[Inbound]:
        sent = {"sender": {"id": PAGE}, "recipient": {"id": ANA}, "timestamp": 1_772_998_114_123}
        return list(read_update(update({**sent, "message": {"mid": "e", "is_echo": True, **told}}), ours))

    for app_id in (77, "77"):
        (inbound,) = echo(text="by us", app_id=app_id, metadata="k7")
        assert inbound.content == Answered(text="by us", by="us", mark="k7")
    assert echo(text="by whom?")[0].content == Answered(text="by whom?")
    assert echo(text="forged", app_id=78, metadata="k7")[0].content == Answered(text="forged", mark="k7")
    (inbound,) = echo(text="Olga here", app_id=26390203743090)
    assert (inbound.content, inbound.address.peer, inbound.message) == (
        Answered(text="Olga here", by="other"),
        ANA,
        "e",
    )
    assert echo(attachments=[{"type": "image"}])[0].content == Answered(text="[image]", wordless=True, shown=("image",))
    moved = item(take_thread_control={"new_owner_app_id": "26390203743090"})
    assert [inbound.content for inbound in read_update(update(moved), ours)] == [Handed(ours=False)]
    assert read_update(update(moved), US)[0].content == Handed(ours=False)  # Meta's own app is known to all
    (back,) = read_update(update(item(pass_thread_control={"new_owner_app_id": "77"})), ours)
    assert back.content == Handed()
    assert read_update(update(item(take_thread_control={"new_owner_app_id": "77"})), ours) == ()


def test_how_far_the_person_has_got_and_read_is_told() -> None:
    at = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    watermark = int(at.timestamp() * 1000)
    assert one(delivery={"mids": ["m"], "watermark": watermark}).content == Noticed(how="delivered", until=at)
    assert one(delivery={"watermark": str(watermark)}).content == Noticed(how="delivered", until=at)
    assert one(read={"watermark": watermark}).content == Noticed(how="read", until=at)
    seen = one(read={"mid": "m"})  # Instagram names the message
    assert (seen.content, seen.message) == (Noticed(how="read", until=seen.at), "m")
    standing_by = json.loads(update(item(read={"watermark": watermark})))
    entry = standing_by["entry"][0]
    entry["standby"] = entry.pop("messaging")
    (heard,) = read_update(json.dumps(standing_by).encode(), US)
    assert heard.content == Noticed(how="read", until=at), "who reads takes nothing over"


def test_a_reaction_is_a_sign_of_life_on_a_page() -> None:
    happened = item(reaction={"mid": "m", "action": "react", "emoji": "❤"})
    assert one(**{"reaction": happened["reaction"]}).content == Reacted()
    instagram = json.loads(update(happened)) | {"object": "instagram"}
    assert read_update(json.dumps(instagram).encode(), Source("instagram", "instagram", PAGE)) == ()


def test_another_account_is_not_ours_and_standby_is_a_take_over() -> None:
    hello = {"mid": "m", "text": "hi"}
    assert read_update(update({**item(message=hello), "recipient": {"id": "23245"}}), US) == ()
    standby = {"object": "page", "entry": [{"id": PAGE, "time": 1, "standby": [item(message=hello)]}]}
    assert [told.content for told in read_update(json.dumps(standby).encode(), US)] == [
        Handed(ours=False),
        Text(text="hi"),
    ]
    assert read_update(update(item(message=hello)), Source("instagram", "instagram", PAGE)) == ()


def test_of_a_button_pressed_in_standby_the_title_is_kept() -> None:
    standby = {"object": "page", "entry": [{"id": PAGE, "time": 1, "standby": [item(postback={"title": "Buy"})]}]}
    assert [told.content for told in read_update(json.dumps(standby).encode(), US)] == [
        Handed(ours=False),
        Tap(payload="", title="Buy"),
    ]


def test_an_event_without_an_id_keeps_its_key_when_it_comes_again() -> None:
    tapped, again, other = (one(postback={"payload": payload}).event_key for payload in ("t1", "t1", "t2"))
    assert tapped == again != other


def test_keys_and_ids_are_never_longer_than_an_index_holds() -> None:
    inbound = one(message={"mid": "m" * 100_000, "text": "hi"})
    assert len(inbound.event_key) < 400
    assert read_update(update({**item(message={"mid": "m", "text": "hi"}), "sender": {"id": "9" * 5000}}), US) == ()


@needs_samples
@pytest.mark.parametrize("path", META, ids=lambda path: path.stem)
def test_every_sample_is_what_it_is_named(path: Path) -> None:
    told = [type(inbound.content) for inbound in read_sample(whole(path), path)]
    _, name, source = path.stem.split("__", 2)
    if f"{name}__{source}" in ODD:
        expected = ODD[f"{name}__{source}"]
    elif "echo" in name:
        expected = Answered
    elif "thread_control" in name:  # without the id of our app only those of Meta are known
        expected = Handed if re.search(rf'"new_owner_app_id": "({"|".join(INBOXES)})"', path.read_text()) else None
    elif "reaction" in name:
        expected = Reacted if path.stem.startswith("messenger") and '"unreact"' not in path.read_text() else None
    elif "message_attachment" in name:
        expected = KINDS.get(name, Other)
    else:
        expected = KINDS.get(name)
    assert (expected in told) if expected else not told, told


@needs_samples
def test_no_damage_to_a_sample_raises() -> None:
    tried = 0
    for path in META:
        for damaged in damages(whole(path)):
            for inbound in read_sample(damaged, path):
                assert Inbound.model_validate_json(inbound.model_dump_json()) == inbound
            tried += 1
    assert tried > 10_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["mid", "text", "payload", "id", "url", "referral", "ref"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["message", "postback", "referral", "message_edit", "sender"]), JSON)
def test_nothing_that_can_be_written_as_json_raises(kind: str, value: Any) -> None:
    read_update(update(item(**{kind: value})), US)


def test_the_question_before_the_first_delivery_is_answered_to_who_knows_the_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "ключ", "hub.challenge": "1158201444"}
    assert challenge(asked, "ключ".encode()) == "1158201444"
    for wrong in (
        {}, asked | {"hub.verify_token": "x"}, asked | {"hub.mode": "x"}, asked | {"hub.challenge": ""},
        asked | {"hub.verify_token": "\udcff"}, asked | {"hub.challenge": "x" * 201},
    ):  # fmt: skip
        with pytest.raises(BadSignature):
            challenge(wrong, "ключ".encode())
    with pytest.raises(BadSignature):
        challenge(asked | {"hub.verify_token": ""}, b"")
