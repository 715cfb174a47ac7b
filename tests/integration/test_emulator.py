"""The demo's play messengers against the whole shop: real adapters, a Graph server on loopback, signed webhooks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from app.emulator.graph import graph_on_loopback
from app.emulator.opening import play_messengers
from app.emulator.people import Person
from app.emulator.platform import Account, Platform
from app.emulator.rules import FACEBOOK, INSTAGRAM
from app.settings import read_settings
from base.errors import ShopkeeperError
from tests.integration.emulated import act, demo, thread, until


@pytest.mark.parametrize("window", ["messenger", "instagram"])
async def test_a_talk_goes_through_the_real_adapter_and_an_echo_of_the_bot_is_no_take_over(
    window: str, database_url: str, tmp_path: Path
) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        assert (await http.get(f"/try/{window}")).status == 200
        async with thread(http, window) as news:
            assert await act(http, window, do="start") == 204
            await until(news, "looking for")
            assert await act(http, window, do="say", text="two white mugs, please ё") == 204
            await until(news, "€24.00")
            assert await act(http, window, do="menu", text="What do you have?", payload="menu.catalogue") == 204
            shown = await until(news, '"generic"')
            card = next(one for one in shown["message"]["attachment"]["payload"]["elements"] if one.get("buttons"))
            assert card["image_url"].startswith(shop.house.settings.local_url)
            title, payload = card["buttons"][0]["title"], card["buttons"][0]["payload"]
            assert await act(http, window, do="tap", text=title, payload=payload, at=shown["mid"]) == 204
            assert await act(http, window, do="tap", text=title, payload="forged", at=shown["mid"]) == 409
            assert await act(http, window, do="menu", text="What do you have?", payload="forged") == 409
            await until(news, "Aurora mug")
        await shop.all_echoes_are_back()
        talk = await shop.row("SELECT owner, epoch FROM conversation")
        assert talk == {"owner": "bot", "epoch": 0}
        assert await shop.row("SELECT count(*) AS n FROM outbox WHERE status <> 'sent'") == {"n": 0}


async def test_each_browser_is_a_person_of_its_own_and_misses_nothing(database_url: str, tmp_path: Path) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as ana, shop.browser() as bob:
        assert await act(ana, "messenger", do="say", text="hi") == 403  # no page, no cookie
        for http in (ana, bob):
            await http.get("/try/messenger")
        async with thread(ana, "messenger") as hers, thread(bob, "messenger") as his:
            await act(ana, "messenger", do="say", text="one candle")
            await act(bob, "messenger", do="say", text="two candles")
            answer = await until(hers, "€9.50")
            await until(his, "€19.00")
        await act(ana, "messenger", do="say", text="show my cart")
        async with thread(ana, "messenger", after=answer["n"]) as hers:
            assert (await hers.get())["n"] == answer["n"] + 1
            await until(hers, "€9.50")
        people = shop.platform("facebook").people
        assert len(people) == 2
        said = [{e["message"]["text"] for e in one.thread if e["from"] == "you"} for one in people.values()]
        assert sorted(map(sorted, said)) == [["one candle", "show my cart"], ["two candles"]]
        await ana.post("/try/messenger/somebody-else")
        async with thread(ana, "messenger") as hers:
            assert (await hers.get())["type"] == "ready"


async def test_what_cannot_be_sent_is_refused(database_url: str, tmp_path: Path) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        await http.get("/try/messenger")
        too_long = json.dumps({"do": "say", "text": "m" * 2001}).encode()
        for body in (b"", b"[]", b'{"do": "fly"}', b'{"do": "say", "text": 7}', too_long):
            headers = {"Content-Type": "application/json"}
            async with http.post("/try/messenger/act", data=body, headers=headers) as answer:
                assert answer.status == 400, body
        async with http.post("/try/messenger/act", data={"do": "start"}) as answer:
            assert answer.status == 415
        for address in ("/try/telegram", "/try/telegram/events", "/try/"):
            assert (await http.get(address)).status == 404
        assert shop.platform("facebook").people == {}


async def test_words_survive_a_restart_of_the_demo(database_url: str, tmp_path: Path) -> None:
    async with demo(database_url, tmp_path) as shop, shop.browser() as http:
        await http.get("/try/instagram")
        async with thread(http, "instagram") as news:
            await act(http, "instagram", do="say", text="one candle")
            await until(news, "€9.50")
        before = next(iter(shop.platform("instagram").people.values()))
    journal = tmp_path / "demo" / "play-instagram.jsonl"
    with journal.open("a") as file:
        file.write('{"person": "1", "ent')  # cut by a death
    again = Platform(Account.opened(INSTAGRAM, "Lumo"), journal)
    person = again.people[before.id]
    assert [entry["mid"] for entry in person.thread] == [entry["mid"] for entry in before.thread]
    assert person.last_act is not None
    assert len(again.people) == 1


async def test_production_has_no_play_messengers(tmp_path: Path) -> None:
    settings = read_settings(env_file=None, home=tmp_path, env="production")
    with pytest.raises(ShopkeeperError, match="for the demo"):
        async with play_messengers(settings):
            pass


async def test_a_real_account_is_not_replaced(tmp_path: Path) -> None:
    real: dict[str, Any] = {"facebook": {"page_id": "1", "page_token": "t"}}
    async with play_messengers(read_settings(env_file=None, home=tmp_path, **real)) as play:
        assert set(play.platforms) == {"instagram"}
        assert play.settings.facebook.page_id == "1"


# ---- the Graph server alone -----------------------------------------------------------------------


@dataclass
class Caller:
    """Somebody who calls the Graph server with all it wants."""

    platform: Platform
    http: aiohttp.ClientSession

    async def call(self, body: Any, path: str = "", version: str = "v26.0", **wrong: str) -> tuple[int, dict[str, Any]]:
        account = self.platform.account
        proof = hmac.new(account.app_secret.encode(), account.token.encode(), hashlib.sha256).hexdigest()
        async with self.http.post(
            f"/{version}/{path or account.id + '/messages'}",
            json=body,
            headers={"Authorization": f"Bearer {wrong.get('token', account.token)}"},
            params={"appsecret_proof": wrong.get("proof", proof)},
        ) as answer:
            return answer.status, await answer.json()

    async def refused(self, body: Any, **wrong: str) -> tuple[int, int]:
        status, answer = await self.call(body, **wrong)
        assert status in {400, 401}
        return answer["error"]["code"], answer["error"].get("error_subcode", 0)


@asynccontextmanager
async def caller(person: str = "1") -> AsyncIterator[tuple[Caller, Person]]:
    platform = Platform(Account.opened(FACEBOOK, "Lumo"))
    async with graph_on_loopback(platform) as address, aiohttp.ClientSession(address) as http:
        yield Caller(platform, http), platform.person(person)
    await platform.close()


async def test_the_graph_server_refuses_as_meta_does() -> None:
    async with caller() as (meta, person):
        hello = {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": {"text": "hello"}}
        assert await meta.refused(hello) == (10, 2018278)  # he has never written
        meta.platform.says(person, "hi")
        status, sent = await meta.call(hello)
        assert (status, sent["recipient_id"], sent["message_id"]) == (200, "1", person.thread[-1]["mid"])
        meta.platform.waits(person, 25)
        assert await meta.refused(hello) == (10, 2018278)
        assert "refused" in person.thread[-1]["message"]["text"]
        human = hello | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert (await meta.call(human))[0] == 200
        assert await meta.refused(hello | {"recipient": {"id": "2"}}) == (100, 2018001)
        assert await meta.refused(hello | {"sender_action": "typing_on"}) == (100, 2018014)
        assert await meta.refused(hello, token="other") == (190, 463)
        assert await meta.refused(hello, proof="other") == (100, 0)
        assert await meta.refused(hello, version="v25.0") == (2635, 0)
        assert await meta.refused(hello, path="999/messages") == (100, 33)
        assert await meta.refused([]) == (100, 0)
        assert await meta.refused({"recipient": "1", "message": {"text": "a"}}) == (100, 2018001)


async def test_a_webhook_that_is_not_taken_comes_again_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.emulator.webhooks.RETRIES", (0.01,))
    came: list[dict[str, Any]] = []
    answers = iter([503, 500, 200, 503, 200])

    async with caller() as (meta, person):
        account = meta.platform.account

        async def door(request: web.Request) -> web.Response:
            if request.method == "GET":
                assert request.query["hub.verify_token"] == account.verify_token
                return web.Response(text=request.query["hub.challenge"])
            body = await request.read()
            right = hmac.new(account.app_secret.encode(), body, hashlib.sha256).hexdigest()
            assert request.headers["X-Hub-Signature-256"] == f"sha256={right}"
            assert body.isascii()
            status = next(answers)
            if status == 200:
                came.append(json.loads(body)["entry"][0]["messaging"][0])
            return web.Response(status=status)

        app = web.Application()
        app.router.add_route("*", "/webhooks/facebook", door)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await meta.platform.webhooks.subscribe(f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/facebook")
        await meta.call({"subscribed_fields": "messages,messaging_postbacks"}, f"{account.id}/subscribed_apps")
        meta.platform.says(person, "белая кружка")
        meta.platform.taps(person, "Get started", "GET_STARTED")
        async with asyncio.timeout(10):
            while len(came) < 2:
                await asyncio.sleep(0.01)
        await runner.cleanup()
    assert [next(iter(item.keys() - {"sender", "recipient", "timestamp"})) for item in came] == ["message", "postback"]
    assert came[0]["message"]["text"] == "белая кружка"
    assert came[0]["timestamp"] < came[1]["timestamp"]
    assert [entry["state"] for entry in person.thread] == ["sent", "sent"]
