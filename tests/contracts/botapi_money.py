"""The till behind the loopback Bot API: invoices as the platform takes them, its question before, its notice after.

Rules: Bot API 10.3; sums and their signs as TDLib checks them; amounts between the smallest and the largest that
currencies.json gives for a currency. No money moves without a yes within ten seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.contracts.botapi_chat import BOT, Chat, Shown
from tests.contracts.botapi_inline import Inline
from tests.contracts.botapi_rules import Files, Params, Refusal, bad, markup_of

LIMITS = {"EUR": (89, 893_101), "USD": (100, 1_000_000), "RSD": (11_043, 99_999_999), "JPY": (111, 1_112_750)}
STARS, MOST_STARS = "XTR", 10_000
PROVIDER_TOKEN = "381764678:TEST:61004"


@dataclass(frozen=True)
class Paying:
    """What became of a press on Pay: the charge, or the words that the payer was shown instead."""

    charge: str = ""
    words: str = ""


@dataclass
class Charge:
    """Money that moved."""

    id: str
    payer: int
    currency: str
    amount: int
    payload: str
    refunded: bool = False

    def described(self) -> Params:
        """As the bot is told of it."""
        return {
            "currency": self.currency, "total_amount": self.amount, "invoice_payload": self.payload,
            "telegram_payment_charge_id": self.id, "provider_payment_charge_id": f"prov_{self.id}",
        }  # fmt: skip


class Till(Inline):
    """Invoices, questions and charges."""

    def __init__(self) -> None:
        super().__init__()
        self.provider_token = PROVIDER_TOKEN
        self.patience = 10.0  # seconds that the bot has for an answer
        self.charges: dict[str, Charge] = {}
        self.links: dict[str, Params] = {}  # invoices behind links, by address
        self.transactions: list[Params] = []
        self._questions: dict[str, asyncio.Future[Params]] = {}
        self._serials = count(1)

    async def update(self, kind: str, content: Params) -> int | None:
        raise AssertionError("the server delivers updates")

    # ---- what the bot calls ----------------------------------------------------------------------

    def on_sendInvoice(self, params: Params, files: Files) -> Params:
        chat = self._open_chat(params)
        self._check_invoice(params)
        markup = markup_of(params, invoice=True)
        if markup and "pay" not in markup["inline_keyboard"][0][0]:
            raise bad("BUTTON_TYPE_INVALID: the first button of an invoice must pay")
        shown = Shown(id=next(self.numbers), text="", markup=markup, invoice=dict(params))
        chat.show(shown)
        return chat.message(shown)

    def on_createInvoiceLink(self, params: Params, files: Files) -> str:
        self._check_invoice(params)
        address = f"https://t.me/$loopback{next(self._serials)}"
        self.links[address] = dict(params)
        return address

    def on_answerPreCheckoutQuery(self, params: Params, files: Files) -> bool:
        self.settled.append(params)
        asked = self._questions.get(params["pre_checkout_query_id"])
        if asked is None or asked.done():
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if not params["ok"] and not params.get("error_message", "").strip():
            raise bad("error message must be non-empty")
        asked.set_result(params)
        return True

    async def on_refundStarPayment(self, params: Params, files: Files) -> bool:
        charge = self.charges.get(params["telegram_payment_charge_id"])
        if charge is None or charge.currency != STARS or charge.payer != params["user_id"]:
            raise bad("CHARGE_NOT_FOUND")
        if charge.refunded:
            raise bad("CHARGE_ALREADY_REFUNDED")
        charge.refunded = True
        self.transactions.append(self.transaction(charge, "receiver"))
        person = self.chats[charge.payer]
        await self.update("message", self._notice(person, refunded_payment=charge.described()))
        return True

    def on_getStarTransactions(self, params: Params, files: Files) -> Params:
        offset, limit = params.get("offset", 0), params.get("limit", 100)
        if offset < 0 or not 1 <= limit <= 100:
            raise bad("LIMIT_INVALID")
        return {"transactions": self.transactions[offset : offset + limit]}

    # ---- what people do --------------------------------------------------------------------------

    def forwarded(self, shown: Shown) -> Params:
        """The button under a forwarded copy of an invoice: it pays, or it only leads to the bot."""
        parameter = shown.invoice.get("start_parameter", "")
        return {"url": f"https://t.me/{BOT['username']}?start={parameter}"} if parameter else {"pay": True}

    async def user_pays(
        self,
        chat: int,
        shown: Shown | None = None,
        *,
        by: int | None = None,
        asked: bool = False,
        meanwhile: Callable[[], Awaitable[object]] | None = None,
        tell: bool = True,
        **changed: Any,
    ) -> Paying:
        """Press Pay under an invoice (the newest of the chat). `by`: another person, whose client keeps no rules.

        `asked`: the bot had said yes before. `meanwhile` happens after its yes and before the money. `changed` fields
        are as a fault would have them. Without `tell` the bot is not told of the charge.
        """
        invoice = (shown or self.invoice(chat)).invoice
        due: Params = {
            "currency": invoice["currency"], "total_amount": (shown or self.invoice(chat)).due,
            "invoice_payload": invoice["payload"],
        } | changed  # fmt: skip
        payer = self.chats.setdefault(by or chat, Chat(id=by or chat))
        answer = {"ok": True} if asked else await self._asks({"from": payer.person()} | due)
        if answer is None or not answer["ok"]:
            return Paying(words=answer["error_message"] if answer else "The bot did not respond.")
        if meanwhile is not None:
            await meanwhile()
        charge = Charge(f"charge-{next(self._serials)}", payer.id, *due.values())
        self.charges[charge.id] = charge
        if charge.currency == STARS:
            self.transactions.append(self.transaction(charge, "source"))
        if tell:
            await self.tell(charge.id)
        return Paying(charge.id)

    def invoice(self, chat: int) -> Shown:
        """The newest invoice in a chat."""
        found = [shown for shown in self.chats[chat].messages.values() if shown.invoice]
        assert found, "there is no invoice in this chat"
        return found[-1]

    async def tell(self, charge: str, **changed: Any) -> int | None:
        """Tell the bot of a charge, by an update of its own each time."""
        return await self.update("message", self.notice(charge, **changed))

    def notice(self, charge: str, **changed: Any) -> Params:
        """The message by which the bot is told of a charge."""
        made = self.charges[charge]
        return self._notice(self.chats[made.payer], successful_payment=made.described() | changed)

    async def _asks(self, content: Params) -> Params | None:
        """The pre-checkout query; None when no answer came in time."""
        query = f"checkout-{next(self._serials)}"
        self._questions[query] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.patience):
                await self.update("pre_checkout_query", {"id": query} | content)
                return await self._questions[query]
        except TimeoutError:
            self._questions[query].cancel()
            return None

    # ---- rules -----------------------------------------------------------------------------------

    def _check_invoice(self, params: Params) -> None:
        currency, prices = params["currency"], params["prices"]
        due = sum(price["amount"] for price in prices)
        if not prices or any(not price["label"].strip() for price in prices):
            raise bad("there must be at least one price, each with a label")
        if any(abs(price["amount"]) > 9999_9999_9999 for price in prices):
            raise bad("Too big amount of the currency specified")
        if due <= 0:
            raise bad("Total price must be positive")
        if currency == STARS:
            if params.get("provider_token") or len(prices) != 1:
                raise bad("STARS_INVOICE_INVALID")
            least, most = 1, MOST_STARS
        else:
            if params.get("provider_token") != self.provider_token:
                raise bad("PAYMENT_PROVIDER_INVALID")
            if currency not in LIMITS:
                raise bad("CURRENCY_INVALID")
            least, most = LIMITS[currency]
        if not least <= due <= most:
            raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")

    def _notice(self, person: Chat, **content: Params) -> Params:
        """A service message in the chat of a person."""
        whole = {"message_id": next(self.numbers), "date": self.now(), "chat": person.described()}
        return whole | {"from": person.person()} | content

    def transaction(self, charge: Charge, side: str) -> Params:
        user = {"id": charge.payer, "is_bot": False, "first_name": self.chats[charge.payer].first_name}
        partner = {"type": "user", "transaction_type": "invoice_payment", "user": user}
        return {
            "id": charge.id, "amount": charge.amount, "date": self.now(),
            side: partner | {"invoice_payload": charge.payload},
        }  # fmt: skip


__all__ = ["PROVIDER_TOKEN", "STARS", "Charge", "Paying", "Refusal", "Till"]
