"""A Bot API on loopback: checks every call like the platform, shows what each person sees, and lets him write and tap.

async with BotApi() as server:
    telegram = Telegram(server.token, server.base, server.secret, "lumo")
    await server.user_says(7, "hello")          # by webhook when one is set, else for getUpdates
    await server.user_taps(7, "Pay")
    assert "12.00" in server.chat(7).words()
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.contracts.botapi_chat import BOT, Chat, Shown
from tests.contracts.botapi_money import Till
from tests.contracts.botapi_rules import Files, Params, Refusal
from tests.contracts.botapi_schema import FILE, Broken, Schema
from tests.contracts.rates import Rate

ALWAYS_NAMED = {"chat_member", "message_reaction", "message_reaction_count"}  # not sent unless asked for by name


@dataclass(frozen=True)
class Call:
    """One call as it came, decoded."""

    method: str
    params: Params


@dataclass
class Fault:
    """A refusal on command; `cut` drops the connection instead, after the call was carried out."""

    code: int
    description: str = ""
    method: str | None = None
    chat: int | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    times: int = 1
    cut: bool = False
    after: int = 0  # so many such calls are let through before

    def meets(self, method: str, params: Params) -> bool:
        """Whether this call is refused."""
        if self.times <= 0 or self.method not in {None, method}:
            return False
        return self.chat is None or str(params.get("chat_id")) == str(self.chat)


class BotApi(Till):
    """The server. `schema` None leaves out the check against the official schema (see botapi_schema.why_no_schema)."""

    def __init__(self, token: str = "4242:loopback-token", schema: Schema | None = None) -> None:
        super().__init__()
        self.token, self.secret = token, "loopback_Secret-1"
        self.schema = schema if schema is not None else Schema.load()
        self.calls: list[Call] = []
        self.refusals: list[str] = []  # descriptions of everything that was refused
        self.statuses: list[int] = []  # what our webhook answered
        self.retry_pause = 0.05  # seconds between deliveries of one update to a failing webhook
        self.base = ""
        self.per_second: int | None = None  # messages that pass in any second; what is more gets a 429
        self.per_chat, self.per_group = Rate(1.0, burst=10), Rate(3.0, burst=20)  # Bot FAQ: bursts pass, 20 a minute
        self.sent_at: list[float] = []  # when messages came, refused ones too
        self._faults: list[Fault] = []
        self._update_numbers = count(500_000)
        self._last_body = b""
        self._poller = 0
        self._news = asyncio.Event()
        self._closing = False
        self._tasks: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = ClientSession(timeout=ClientTimeout(total=60))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._news.set()
        await self._client.close()
        await self._runner.cleanup()

    # ---- what tests ask and command --------------------------------------------------------------

    def chat(self, number: int) -> Chat:
        """The private chat of person `number`; opened by this call if need be."""
        return self.chats.setdefault(number, Chat(id=number))

    def now(self) -> int:
        """Unix time in seconds."""
        return int(self.clock())

    def called(self, method: str) -> list[Params]:
        """Parameters of all calls of one method, refused ones too."""
        return [call.params for call in self.calls if call.method == method]

    def fail(
        self,
        code: int,
        description: str,
        *,
        method: str | None = None,
        chat: int | None = None,
        parameters: Mapping[str, int] | None = None,
        times: int = 1,
        after: int = 0,
    ) -> None:
        """Refuse the next calls that meet `method` and `chat`, once `after` of them were carried out."""
        self._faults.append(Fault(code, description, method, chat, parameters or {}, times, after=after))

    def flood(self, chat: int, seconds: int, times: int = 1) -> None:
        """Answer the next calls for a chat with 429."""
        text = f"Too Many Requests: retry after {seconds}"
        self.fail(429, text, chat=chat, parameters={"retry_after": seconds}, times=times)

    def cut(self, method: str, times: int = 1) -> None:
        """Carry out the next calls of `method` but drop the connection instead of answering."""
        self._faults.append(Fault(0, method=method, times=times, cut=True))

    async def user_blocks(self, chat: int) -> int | None:
        """The person blocks the bot."""
        self.blocked.add(chat)
        return await self._membership(chat, "member", "kicked")

    async def user_unblocks(self, chat: int) -> int | None:
        """The person lets the bot write again."""
        self.blocked.discard(chat)
        return await self._membership(chat, "kicked", "member")

    # ---- what people do --------------------------------------------------------------------------

    async def user_says(self, chat: int, text: str) -> int | None:
        """The person writes; returns the webhook's last status, None when polling."""
        return await self.user_sends(chat, text=text)

    async def user_sends(self, chat: int, **content: Any) -> int | None:
        """The person sends anything: text=, photo=, location=, contact=, voice=, sticker=…"""
        number = next(self.numbers)
        person = self.chat(chat)
        person.said[number] = str(content.get("text", content.get("caption", "")))
        return await self.update(
            "message",
            {"message_id": number, "date": self.now(), "chat": person.described(), "from": person.person()} | content,
        )

    async def user_sends_album(self, chat: int, *photos: str, caption: str = "") -> None:
        """The person sends several photos at once: one update for each, and no sign which is the last."""
        group = f"g{next(self.numbers)}"
        for place, file_id in enumerate(photos):
            size = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 640, "height": 480}
            words = {"caption": caption} if caption and not place else {}
            await self.user_sends(chat, photo=[size], media_group_id=group, **words)

    async def user_edits(self, chat: int, number: int, text: str) -> int | None:
        """The person changes one of his messages."""
        person = self.chat(chat)
        person.said[number] = text
        now = self.now()
        whole = {"message_id": number, "date": now, "edit_date": now, "text": text}
        return await self.update("edited_message", whole | {"chat": person.described(), "from": person.person()})

    async def user_taps(self, chat: int, title: str) -> str | None:
        """The person presses a button; returns the address when the button opens one."""
        person = self.chat(chat)
        shown, button = person.find(title)
        if button.url:
            return button.url
        if button.asks == "contact":
            await self.user_sends(
                chat, contact={"phone_number": "+37060000001", "first_name": person.first_name, "user_id": chat}
            )
        elif button.asks == "location":
            await self.user_sends(chat, location={"latitude": 54.687, "longitude": 25.28})
        elif not button.inline:
            await self.user_says(chat, button.title)
        else:
            await self.user_sends_payload(chat, button.payload, shown)
        return None

    async def user_sends_payload(self, chat: int, payload: str, shown: Shown | None = None) -> int | None:
        """A tap with any payload, forged or stale, on `shown` or the newest message."""
        person = self.chat(chat)
        query = f"{next(self.numbers)}99"
        self.queries.add(query)
        message = person.message(shown or person.last)
        return await self.update(
            "callback_query",
            {"id": query, "from": person.person(), "message": message, "chat_instance": f"c{chat}", "data": payload},
        )

    async def update(self, kind: str, content: Params) -> int | None:
        """Deliver one update of any kind, as far as the bot asked for it."""
        if not (kind in self.allowed if self.allowed else kind not in ALWAYS_NAMED):
            return None
        update = {"update_id": next(self._update_numbers), kind: content}
        if self.webhook.get("url"):
            return await self._post(json.dumps(update).encode())
        self.updates.append(update)
        self._news.set()
        return None

    async def repeat(self) -> int | None:
        """Deliver the last update once more, byte for byte, as the platform does after a lost answer."""
        return await self._post(self._last_body)

    # ---- webhook and polling ---------------------------------------------------------------------

    async def _post(self, body: bytes) -> int | None:
        self._last_body = body
        headers = {"Content-Type": "application/json"}
        if secret := self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        status = 0
        for _ in range(3):  # the platform repeats what was not answered with 2xx, and gives up some time
            try:
                async with self._client.post(self.webhook["url"], data=body, headers=headers) as response:
                    status = response.status
            except ClientError as trouble:
                status, self.webhook_error = 0, type(trouble).__name__
            self.statuses.append(status)
            if 200 <= status < 300:
                return status
            self.webhook_error = self.webhook_error or f"Wrong response from the webhook: {status}"
            await asyncio.sleep(self.retry_pause)
        return status

    async def _membership(self, chat: int, old: str, new: str) -> int | None:
        person = self.chat(chat)
        members = {
            name: {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
            for name, status in (("old_chat_member", old), ("new_chat_member", new))
        }
        whole = {"chat": person.described(), "from": person.person(), "date": self.now()}
        return await self.update("my_chat_member", whole | members)

    async def on_getUpdates(self, params: Params, files: Files) -> list[Params]:
        if self.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        self._poller += 1
        mine = self._poller
        self._news.set()  # wakes an earlier poller, which is then told to go
        self._set_allowed(params)
        offset = params.get("offset", 0)
        if offset > 0:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        elif offset < 0:
            self.updates = self.updates[offset:]
        until = time.monotonic() + params.get("timeout", 0)
        while not self.updates and time.monotonic() < until and not self._closing:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout=max(until - time.monotonic(), 0.001))
            except TimeoutError:
                break
            if mine != self._poller:
                raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
        return self.updates[: params.get("limit", 100)]

    # ---- answering calls -------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.match_info["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            result, cut = await self._carry_out(request)
        except Refusal as refusal:
            self.refusals.append(refusal.description)
            body: Params = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        if cut and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, "result": result})

    async def _carry_out(self, request: web.Request) -> tuple[object, bool]:
        method = request.match_info["method"]
        raw, files = await _parameters(request)
        try:
            params = self.schema.parameters(method, raw) if self.schema else _guessed(raw)
        except Broken as reason:
            self.calls.append(Call(method, raw))
            raise Refusal(400, f"Bad Request: {reason}") from None
        self.calls.append(Call(method, params))
        self._count(method, str(params.get("chat_id")))
        fault = next((fault for fault in self._faults if fault.meets(method, params)), None)
        if fault is not None and fault.after:
            fault.after, fault = fault.after - 1, None
        if fault is not None:
            fault.times -= 1
            if not fault.cut:
                raise Refusal(fault.code, fault.description, fault.parameters)
        handler = self.handler(method)
        if handler is None:
            raise Refusal(501, f"this server does not know {method} yet")
        result = handler(params, files)
        result = await result if isinstance(result, Awaitable) else result
        if echo := self.echo_of(params, result):
            self._later(self.update("business_message", echo))
        return result, fault is not None

    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _count(self, method: str, chat: str) -> None:
        if not method.startswith(("send", "edit")) or method == "sendChatAction":
            return
        now = time.monotonic()
        self.sent_at.append(now)
        if self.per_second is not None and sum(at > now - 1 for at in self.sent_at[-1000:]) > self.per_second:
            raise Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if wait := (self.per_group if chat.startswith("-") else self.per_chat).wait(chat):
            raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})


async def _parameters(request: web.Request) -> tuple[Params, Files]:
    """Parameters as they came, and the names of uploaded files by field."""
    if request.content_type == "application/json":
        return await request.json(), {}
    raw: Params = dict(request.query)
    files: dict[str, str] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.filename
        else:
            raw[name] = value
    used = " ".join(str(value) for value in raw.values())
    for name in files:
        if f"attach://{name}" not in used:  # sent under the parameter's own name
            raw[name] = FILE
    return raw, files


def _guessed(raw: Params) -> Params:
    """Parameters read without the schema: what is a number, a truth or an object by its name or its first sign."""
    return {name: json.loads(value) if _is_json(name, value) else value for name, value in raw.items()}


def _is_json(name: str, value: object) -> bool:
    if not isinstance(value, str) or name in {"text", "caption"}:
        return False
    return (
        name in {"message_id", "offset", "limit", "timeout"}
        or value in {"true", "false"}
        or value.startswith(("{", "["))
    )
