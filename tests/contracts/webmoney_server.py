"""A loopback WebMoney merchant that keeps the platform's rules: the form, the question, the signed notification.

The rules: WebMoney's merchant manual; LMI_HASH2 is made here by itself, not by the adapter under test.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.contracts.payer_page import ask_the_payer

PURSE = "Z945718891756"
EUROS = "E945718891756"
KNOWN = frozenset(
    [
        "LMI_PAYEE_PURSE", "LMI_PAYMENT_AMOUNT", "LMI_PAYMENT_NO", "LMI_PAYMENT_DESC", "LMI_PAYMENT_DESC_BASE64",
        "LMI_RESULT_URL", "LMI_SUCCESS_URL", "LMI_SUCCESS_METHOD", "LMI_FAIL_URL", "LMI_FAIL_METHOD", "LMI_SIM_MODE",
    ]
)  # fmt: skip

Form = dict[str, str]


@dataclass
class WebMoneyServer:
    """`result_url` is where the shop is asked and told; without one, notifications pile up in `due`."""

    purse: str = EUROS
    secret_key: str = "AD15BDAF-864A-4909-81E7-F034FFD0625C"
    mode: str = "0"  # the purse's: 0 money, 1 test
    result_url: str = ""
    url: str = ""
    opened: list[Form] = field(default_factory=list)  # forms that browsers posted and that were in order
    refusals: list[str] = field(default_factory=list)  # what the shop answered instead of YES
    due: list[bytes] = field(default_factory=list)
    balance: dict[str, str] = field(default_factory=dict)  # transfer -> amount
    taken: list[tuple[str, str]] = field(default_factory=list)  # (payment number, amount)
    _serial: Any = field(default_factory=lambda: count(400))

    async def serve(self, request: web.Request) -> web.Response:
        """The merchant page: what a browser posts there."""
        if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
            return web.Response(status=405, text="post the form")
        posted = {name: str(value) for name, value in (await request.post()).items()}
        wrong = self.wrong_with(posted)
        if wrong:
            return web.Response(status=400, text=wrong)
        if posted.pop("pressed", ""):  # the payer's own button on this page
            assert await self.pay(posted)
            await self.tell()
            raise web.HTTPSeeOther(posted["LMI_SUCCESS_URL"])
        self.opened.append(posted)
        return ask_the_payer("WebMoney", "Confirm", posted["LMI_PAYMENT_AMOUNT"], {**posted, "pressed": "1"})

    def wrong_with(self, posted: Mapping[str, str]) -> str:
        """Why the merchant page would not open."""
        if strange := {name for name in posted if name.startswith("LMI_")} - KNOWN:
            return f"unknown fields: {sorted(strange)}"
        if posted.get("LMI_PAYEE_PURSE") != self.purse:
            return "no such purse"
        amount = posted.get("LMI_PAYMENT_AMOUNT", "")
        if not re.fullmatch(r"[0-9]+\.[0-9]{2}", amount) or not float(amount):
            return "the amount must look like 0.00"
        if not re.fullmatch(r"[1-9][0-9]{0,9}", posted.get("LMI_PAYMENT_NO", "")):
            return "the payment number must be a whole number"
        note = posted.get("LMI_PAYMENT_DESC", "")
        if not 0 < len(note) <= 255:
            return "a description of 1 to 255 characters is needed"
        return "" if posted.get("LMI_SIM_MODE", "0") in ("0", "1", "2") else "LMI_SIM_MODE: 0, 1 or 2"

    # ---- the customer ----------------------------------------------------------------------------

    async def pay(self, posted: Mapping[str, str], *, asked: bool = True, **changed: str) -> bool:
        """The payer confirms: the shop is asked, money moves, the shop is told. `changed` fields are as an attacker
        or a fault would have them, and then signed all the same; `asked=False`: the answer had been YES before.
        """
        wrong = self.wrong_with(posted)
        assert not wrong, wrong
        form = {name: posted[name] for name in ("LMI_PAYEE_PURSE", "LMI_PAYMENT_AMOUNT", "LMI_PAYMENT_NO")}
        form |= {"LMI_MODE": self.mode, "LMI_PAYER_PURSE": PURSE, "LMI_PAYER_WM": "059551878952"} | changed
        if asked and not await self._asks(form):
            return False
        transfer = str(next(self._serial))
        form |= {
            "LMI_SYS_INVS_NO": str(next(self._serial)), "LMI_SYS_TRANS_NO": transfer,
            "LMI_SYS_TRANS_DATE": "20261124 12:00:00",
        }  # fmt: skip
        form["LMI_HASH2"] = signature(form, self.secret_key)
        self.balance[transfer] = form["LMI_PAYMENT_AMOUNT"]
        self.taken.append((form["LMI_PAYMENT_NO"], form["LMI_PAYMENT_AMOUNT"]))
        self.due.append(urlencode(form).encode())
        return True

    async def _asks(self, form: Form) -> bool:
        """The pre-request: only the exact word is a yes."""
        if not self.result_url:
            return True
        status, words = await post(self.result_url, urlencode({"LMI_PREREQUEST": "1", **form}).encode())
        assert status == 200, (status, words)
        if words != "YES":
            self.refusals.append(words)
        return words == "YES"

    async def tell(self, *, times: int = 1) -> list[int]:
        """Bring the notifications to the shop; returns what it answered."""
        due, self.due = self.due, []
        return [(await post(self.result_url, body))[0] for body in due * times]


async def post(url: str, body: bytes) -> tuple[int, str]:
    """One request as WebMoney sends it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


def signature(form: Mapping[str, str], secret: str) -> str:
    """LMI_HASH2 as the manual tells it."""
    held = ["HOLD"] if "LMI_HOLD" in form else []
    before = ["PAYEE_PURSE", "PAYMENT_AMOUNT", *held, "PAYMENT_NO", "MODE", "SYS_INVS_NO", "SYS_TRANS_NO"]
    parts = [form[f"LMI_{name}"] for name in [*before, "SYS_TRANS_DATE"]]
    signed = ";".join([*parts, secret, form["LMI_PAYER_PURSE"], form["LMI_PAYER_WM"]])
    return hashlib.sha256(signed.encode()).hexdigest().upper()


@asynccontextmanager
async def webmoney_server() -> AsyncIterator[WebMoneyServer]:
    """A merchant page on a free port of this machine."""
    server = WebMoneyServer()
    app = web.Application()
    app.router.add_route("*", "/lmi/payment_utf.asp", server.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/lmi/payment_utf.asp"
    try:
        yield server
    finally:
        await runner.cleanup()
