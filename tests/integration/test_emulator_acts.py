"""What people do in the play messengers beside writing: pictures, quotes, hearts, stories, comments under posts."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.emulator.people import summary
from app.emulator.platform import Account, Platform
from app.emulator.posts import Post
from app.emulator.rules import FACEBOOK, INSTAGRAM, GraphError, Kind
from tests.integration.emulated import Demo, act, demo, thread, until

JPEG = b"\xff\xd8\xff\xe0 as far as anybody looks"
WINDOWS = {"messenger": "facebook", "instagram": "instagram"}


async def told(shop: Demo, column: str, query: str) -> Any:
    """What the shop has of it, as soon as it has."""
    async with asyncio.timeout(20):
        while True:
            async with shop.house.db.begin() as tx:
                rows = await tx.rows(query)
            if rows:
                return rows[-1][column]
            await asyncio.sleep(0.02)


async def sent(http: aiohttp.ClientSession, window: str, body: bytes, kind: str = "image/jpeg") -> int:
    async with http.post(f"/try/{window}/picture", data=body, headers={"Content-Type": kind}) as answer:
        return answer.status


@pytest.mark.parametrize("window", WINDOWS)
async def test_a_picture_reaches_the_shop_which_can_fetch_it(window: str, database_url: str, tmp_path: Path) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        assert await sent(http, window, JPEG) == 403  # no page, no cookie
        await http.get(f"/try/{window}")
        async with thread(http, window) as news:
            assert await sent(http, window, JPEG) == 204
            await until(news, "picture")
        content = await told(shop, "content", "SELECT content FROM inbound WHERE content->>'kind' = 'photo'")
        assert content["reference"].startswith(f"{shop.house.settings.local_url}/try/{window}/pictures/")
        async with http.get(content["reference"]) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", JPEG)
        for body, kind, status in ((b"<svg/>", "image/jpeg", 400), (b"", "image/jpeg", 400), (JPEG, "text/plain", 415)):
            assert await sent(http, window, body, kind) == status
        for name in ("x.jpg", "..%2f..%2fmanager_password", "a" * 32 + ".jpg"):
            assert (await http.get(f"/try/{window}/pictures/{name}")).status == 404


@pytest.mark.parametrize("window", WINDOWS)
async def test_an_answer_to_an_older_message_is_about_what_that_one_showed(
    window: str, database_url: str, tmp_path: Path
) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        await http.get(f"/try/{window}")
        async with thread(http, window) as news:
            await act(http, window, do="say", text="tell me about the candle")
            candle = await until(news, "9.50")
            await act(http, window, do="say", text="tell me about the throw")
            await until(news, "45.00")
            assert await act(http, window, do="say", text="how much is it?", at=candle["mid"]) == 204
            mine = await news.get()
            while mine["type"] != "entry" or mine["from"] != "you":
                mine = await news.get()
            assert mine["quote"]["text"] == summary(candle["message"])
            await until(news, "9.50")
        for at in ("forged", mine["mid"]):  # only what the shop has said
            assert await act(http, window, do="say", text="how much?", at=at) == 409
            assert await act(http, window, do="heart", at=at) == 409


@pytest.mark.parametrize("window", WINDOWS)
async def test_a_heart_is_told_and_opens_the_window_where_meta_says_so(
    window: str, database_url: str, tmp_path: Path
) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        platform = shop.platform(WINDOWS[window])
        await http.get(f"/try/{window}")
        async with thread(http, window) as news:
            await act(http, window, do="say", text="hello")
            greeting = await until(news, "looking for")
            await shop.all_echoes_are_back()
            await act(http, window, do="wait")
            for on in (True, False, True):
                assert await act(http, window, do="heart", at=greeting["mid"]) == 204
                event = await news.get()
                while event["type"] != "heart":
                    event = await news.get()
                assert (event["mid"], event["on"]) == (greeting["mid"], on)
        query = "SELECT body FROM raw_update WHERE position('reaction'::bytea IN body) > 0 ORDER BY id"
        async with asyncio.timeout(20):
            while len(bodies := [row["body"] for row in await shop.rows(query)]) < 3:
                await asyncio.sleep(0.02)
        reactions = [json.loads(bytes(body))["entry"][0]["messaging"][0]["reaction"] for body in bodies]
        assert [one["action"] for one in reactions] == ["react", "unreact", "react"]
        assert {one["mid"] for one in reactions} == {greeting["mid"]}
        [person] = platform.people.values()
        assert person.last_act is not None
        opened = datetime.now(UTC) - person.last_act < timedelta(hours=24)
        assert opened is (window == "messenger")
        again = Platform(platform.account, tmp_path / "demo" / f"play-{WINDOWS[window]}.jsonl")
        kept = again.people[person.id].of_shop(greeting["mid"])
        assert kept is not None
        assert kept["heart"] is True
        assert len(again.people[person.id].thread) == len(person.thread)
        assert await shop.row("SELECT count(*) AS n FROM outbox WHERE status <> 'sent'") == {"n": 0}  # nothing is said


async def test_an_answer_to_the_story_is_about_the_goods_on_it(database_url: str, tmp_path: Path) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        [story] = [post for post in shop.platform("instagram").posts.values() if post.kind == "story"]
        async with http.get("/try/instagram") as page:
            assert story.title in await page.text()
        async with thread(http, "instagram") as news:
            assert await act(http, "instagram", do="under", at=story.id, text="how much is this?") == 204
            assert (await news.get())["type"] == "ready"
            mine = await news.get()
            assert (mine["from"], mine["quote"]["picture"]) == ("you", story.picture)
            await until(news, "9.50")
        assert all(post.kind == "post" for post in shop.platform("facebook").posts.values())
        assert await act(http, "instagram", do="under", at="1", text="how much is this?") == 409


@pytest.mark.parametrize("window", WINDOWS)
async def test_a_comment_is_answered_once_in_private_and_the_talk_goes_on(
    window: str, database_url: str, tmp_path: Path
) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        platform = shop.platform(WINDOWS[window])
        post = next(post for post in platform.posts.values() if "#TEE" in post.caption)
        await http.get(f"/try/{window}")
        async with thread(http, window) as news:
            assert await act(http, window, do="under", at=post.id, text="so beautiful") == 204
            assert await act(http, window, do="under", at=post.id, text="how much is it?") == 204
            await told(shop, "id", "SELECT id FROM comment WHERE text LIKE 'how much%'")
            while await shop.house.turns.comments.answer_due():
                pass
            answer = await until(news, "20.00")
            assert "how much is it?" in answer["quote"]["text"]
            [person] = platform.people.values()
            assert [entry["from"] for entry in person.thread] == ["note", "note", "shop"]
            assert person.last_act is None
            hello = {"recipient": {"id": person.id}, "message": {"text": "hello"}}
            with pytest.raises(GraphError, match="outside of allowed window"):
                platform.send(hello)
            with pytest.raises(GraphError, match="already replied"):
                platform.send(hello | {"recipient": {"comment_id": answer["answers"]}})
            await act(http, window, do="say", text="which colours do you have?")
            await until(news, "green")
        rows = await shop.rows("SELECT text, status FROM comment ORDER BY id")
        assert [(row["text"], row["status"]) for row in rows] == [
            ("so beautiful", "left"),
            ("how much is it?", "answered"),
        ]
        assert await shop.row("SELECT count(*) AS n, min(owner) AS owner FROM conversation") == {"n": 1, "owner": "bot"}


POST = Post("1_1", "post", "Mug", "Mug. #MUG", "/pictures/mug.jpg", "https://www.facebook.com/1/posts/1")


@pytest.mark.parametrize(("kind", "subcode"), [(FACEBOOK, 2018278), (INSTAGRAM, 2534022)])
async def test_a_comment_can_be_answered_for_seven_days(kind: Kind, subcode: int) -> None:
    clock = [datetime(2026, 11, 1, 12, tzinfo=UTC)]
    platform = Platform(Account.opened(kind, "Lumo"), now=lambda: clock[0])
    platform.shows([POST])
    comment = platform.comments(platform.person("1"), POST, "price?")["comment"]
    answer = {"recipient": {"comment_id": comment}, "message": {"text": "€12.00"}}
    with pytest.raises(GraphError) as unknown:
        platform.send(answer | {"recipient": {"comment_id": "7"}})
    assert (unknown.value.code, unknown.value.subcode) == (100, 33)
    clock[0] += timedelta(days=7, minutes=1)
    with pytest.raises(GraphError) as late:
        platform.send(answer)
    assert (late.value.code, late.value.subcode) == (10, subcode)
    clock[0] -= timedelta(minutes=2)
    assert platform.send(answer)["recipient_id"] == "1"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ({"text": "two\n lines"}, "two lines"),
        ({"text": "m" * 121}, "m" * 119 + "…"),
        ({"attachment": {"type": "image", "payload": {"url": "/a.jpg"}}}, "Picture"),
        ({"attachment": {"type": "template", "payload": {"text": "Pay here"}}}, "Pay here"),
        ({"attachment": {"type": "template", "payload": {"elements": [{"title": "a"}, {"title": "b"}]}}}, "a, b"),
        ({"attachment": {"type": "template", "payload": {"order_number": "LU-1"}}}, "LU-1"),
        ({}, "Message"),
    ],
)
def test_what_is_quoted_is_one_line(message: dict[str, Any], line: str) -> None:
    assert summary(message) == line
