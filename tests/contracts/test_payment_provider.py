"""One suite over every provider in PROVIDERS. A new adapter adds its own `Subject` below and must pass all of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from base.db import Database
from base.errors import BadSignature, OutcomeUnknown
from base.money import Money
from integrations.payments import PROVIDERS, adapter
from integrations.payments.manual import BankTransfers, ManualPayments
from integrations.payments.paypal.adapter import PayPalPayments
from integrations.payments.sandbox import SandboxPayments
from integrations.payments.stripe.adapter import StripePayments
from integrations.payments.telegram.goods import TelegramPayments
from integrations.payments.telegram.stars import TelegramStars
from integrations.payments.webmoney import WebMoneyPayments
from integrations.telegram_money import telegram_amount
from shop.payment_port import (
    Answer,
    AsksFirst,
    Declined,
    DisputeReport,
    PayByForm,
    PayByHand,
    PayByLink,
    PayInChat,
    PaymentProvider,
    PaymentQuestion,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
    Report,
    TellsDisputes,
)
from tests.contracts.botapi import BotApi
from tests.contracts.paypal_certificates import trusted_authority
from tests.contracts.paypal_server import paypal_server
from tests.contracts.stripe_server import stripe_server
from tests.contracts.webmoney_server import webmoney_server

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REQUEST = PaymentRequest(
    payment="p1", number="LU-7K3F-9QXA", amount=Money(1300, "EUR"), description="LU-7K3F-9QXA",
    return_url="https://shop.example/pay/token", until=NOW + timedelta(minutes=30), serial=1,
)  # fmt: skip
GARBAGE = (b"", b"\xff\xfe", b"null", b"[]", b"{}", b'"x"', b'{"state": "settled"}', b'{"a":' * 5000, b"9" * 10_000)


def other_than(request: PaymentRequest) -> PaymentRequest:
    return replace(request, payment="p2", serial=2)


@dataclass
class Subject:
    """One provider made ready: how its customer pays, and the webhooks it then sends."""

    provider: PaymentProvider
    pays: Callable[[Answer], Awaitable[None]]  # the customer pays on the page of this answer
    webhooks: Callable[[], Awaitable[list[tuple[dict[str, str], bytes]]]]  # (headers, body), signed, not yet sent
    clock: StandingClock
    stamped: bool = True  # webhooks carry their time and signature in a header
    disputes: Callable[[Answer], Callable[[bool], None]] | None = None  # the payment is contested; the decision: won?
    request: PaymentRequest = REQUEST  # in a currency that it takes
    loses: Mapping[str, Callable[[], None]] = field(default_factory=dict)  # the answer to the next such call, once done


async def sandbox(db: Database, open_: AsyncExitStack) -> Subject:
    clock = StandingClock(NOW)
    made = SandboxPayments(db, clock, env="demo", public_url="https://shop.example", secret="s")

    async def pays(answer: Answer) -> None:
        assert isinstance(answer, PayByLink)
        await made.approve(answer.reference)

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return [(headers, body) for _, headers, body in await made.webhooks_due()]

    return Subject(made, pays, webhooks, clock)


async def manual(db: Database, open_: AsyncExitStack) -> Subject:
    clock = StandingClock(NOW)

    async def pays(answer: Answer) -> None:
        """Cash is taken by a person: nobody is told."""

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return []

    return Subject(ManualPayments(clock), pays, webhooks, clock)


async def transfer(db: Database, open_: AsyncExitStack) -> Subject:
    made = await manual(db, open_)
    return replace(made, provider=BankTransfers(made.clock))


async def stripe(db: Database, open_: AsyncExitStack) -> Subject:
    clock = StandingClock(NOW)
    server = await open_.enter_async_context(stripe_server(clock.now))
    made = StripePayments(
        clock, secret_key=server.secret_key, webhook_secret=server.webhook_secret, api_base=server.url
    )

    async def pays(answer: Answer) -> None:
        assert isinstance(answer, PayByLink)
        await server.pay(answer.reference)

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return server.due

    def disputes(answer: Answer) -> Callable[[bool], None]:
        assert isinstance(answer, PayByLink)
        dispute = server.dispute(answer.reference)
        return lambda won: server.decide(dispute, "won" if won else "lost")

    loses = {  # the package itself tries twice more
        "request": lambda: server.after(0, "cut after", times=3),
        "refund": lambda: server.after(2, "cut after", times=3),
    }
    return Subject(made, pays, webhooks, clock, disputes=disputes, loses=loses)


async def paypal(db: Database, open_: AsyncExitStack) -> Subject:
    clock = StandingClock(NOW)
    server = await open_.enter_async_context(paypal_server(clock.now))
    open_.enter_context(trusted_authority())
    made = PayPalPayments(clock, cert_hosts=[server.cert_host], **server.keys_of_the_shop)

    async def pays(answer: Answer) -> None:
        """The customer approves, and the core captures, as it would on the first report."""
        assert isinstance(answer, PayByLink)
        reference = answer.reference
        await server.approve(reference)
        server.due.clear()  # the approval: test_paypal.py looks at it
        await made.capture(reference, key=server.orders[reference]["purchase_units"][0]["custom_id"])

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return server.due

    def disputes(answer: Answer) -> Callable[[bool], None]:
        assert isinstance(answer, PayByLink)
        case = server.dispute(answer.reference)
        return lambda won: server.decide(case, f"RESOLVED_{'SELLER' if won else 'BUYER'}_FAVOUR")

    loses = {"request": lambda: server.after(0, "cut after"), "refund": lambda: server.after(1, "cut after")}
    return Subject(made, pays, webhooks, clock, disputes=disputes, loses=loses)


async def telegram(db: Database, open_: AsyncExitStack) -> Subject:
    server, clock = await open_.enter_async_context(BotApi()), StandingClock(NOW)
    made = TelegramPayments(
        clock, token=server.token, provider_token=server.provider_token, api_base=server.base, test_money=True
    )
    return in_chat(made, server, clock, REQUEST, server.provider_token)


async def stars(db: Database, open_: AsyncExitStack) -> Subject:
    server, clock = await open_.enter_async_context(BotApi()), StandingClock(NOW)
    made = TelegramStars(clock, token=server.token, api_base=server.base)
    subject = in_chat(made, server, clock, replace(REQUEST, amount=Money(1300, "XTR")), "")
    return replace(subject, loses={"refund": lambda: server.cut("refundStarPayment")})


def in_chat(
    made: TelegramPayments | TelegramStars, server: BotApi, clock: StandingClock, request: PaymentRequest, token: str
) -> Subject:
    server.chat(7)

    async def pays(answer: Answer) -> None:
        """The invoice stands in the chat, the customer presses Pay, and the core lets it be collected."""
        assert isinstance(answer, PayInChat)
        due = request.amount
        price = {"label": "Order", "amount": telegram_amount(due)}
        bill = {"title": "Order", "description": "a mug", "payload": answer.payload, "currency": due.currency}
        server.on_sendInvoice(bill | {"chat_id": 7, "provider_token": token, "prices": [price]}, {})
        asked: list[PaymentQuestion] = []

        async def may_collect(question: PaymentQuestion) -> str:
            asked.append(question)
            return ""

        async def answers() -> None:
            while not server.updates:
                await asyncio.sleep(0.005)
            assert await made.answer(json.dumps(server.updates.pop()).encode(), may_collect) is not None

        paying, _ = await asyncio.gather(server.user_pays(7), answers())
        assert paying.charge
        assert asked == [PaymentQuestion(made.code, None, due, key="k1", payer="7", locale="en")]

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return [({}, json.dumps(update).encode()) for update in server.updates]

    return Subject(made, pays, webhooks, clock, stamped=False, request=request)


async def webmoney(db: Database, open_: AsyncExitStack) -> Subject:
    clock = StandingClock(NOW)
    server = await open_.enter_async_context(webmoney_server())
    made = WebMoneyPayments(clock, purse=server.purse, secret_key=server.secret_key, merchant_url=server.url)

    async def pays(answer: Answer) -> None:
        assert isinstance(answer, PayByForm)
        assert await server.pay(dict(answer.fields))

    async def webhooks() -> list[tuple[dict[str, str], bytes]]:
        return [({}, body) for body in server.due]

    return Subject(made, pays, webhooks, clock, stamped=False)


SUBJECTS = {
    "sandbox": sandbox,
    "manual": manual,
    "stars": stars,
    "stripe": stripe,
    "telegram": telegram,
    "paypal": paypal,
    "transfer": transfer,
    "webmoney": webmoney,
}


@pytest_asyncio.fixture(params=sorted(PROVIDERS))
async def subject(request: pytest.FixtureRequest, db: Database) -> AsyncIterator[Subject]:
    async with AsyncExitStack() as open_:
        made = await SUBJECTS[request.param](db, open_)
        yield made
        await made.provider.close()


def test_every_provider_is_tried_here_and_answers_to_its_name() -> None:
    assert set(SUBJECTS) == set(PROVIDERS)
    assert {adapter(name).code for name in PROVIDERS} == set(PROVIDERS)


async def test_the_same_key_begins_one_payment(subject: Subject) -> None:
    first = await subject.provider.request(subject.request, key="k1")
    assert first == await subject.provider.request(subject.request, key="k1")
    if isinstance(first, PayByLink | PayByForm):
        assert first.url.startswith("https://" if isinstance(first, PayByLink) else "http")
        other = await subject.provider.request(other_than(subject.request), key="k2")
        assert isinstance(other, type(first))
        assert other.reference != first.reference
    elif isinstance(first, PayInChat):
        assert subject.provider.features.in_chat
        assert await subject.provider.request(other_than(subject.request), key="k2") != first
        assert 0 < len(first.payload.encode()) <= 128
    else:
        assert isinstance(first, PayByHand)
        assert subject.provider.features.by_hand


async def test_what_was_never_asked_for_is_unknown_or_pending_never_settled(subject: Subject) -> None:
    report = await subject.provider.look_up(key="never", reference=None)
    assert report.state in ("unknown", "pending")
    assert report.provider == subject.provider.code
    assert (await subject.provider.look_up_refund(key="never", reference=None)).state == "unknown"


async def test_a_payment_is_settled_only_by_money_and_the_webhook_says_what_look_up_says(subject: Subject) -> None:
    answer = await subject.provider.request(subject.request, key="k1")
    assert not isinstance(answer, Declined)
    if not isinstance(answer, PayByLink | PayByForm | PayInChat):
        return
    looks_up = subject.provider.features.looks_up
    before = await subject.provider.look_up(key="k1", reference=answer.reference if not looks_up else None)
    if before.state == "unknown":  # it cannot search for our key; there the same request gives the same page
        before = await subject.provider.look_up(key="k1", reference=answer.reference)
    assert (before.state, before.page) == ("pending", answer.url if isinstance(answer, PayByLink) else None)
    await subject.pays(answer)
    after = await subject.provider.look_up(key="k1", reference=answer.reference)
    if looks_up:
        assert (after.state, after.amount, after.key) == ("settled", subject.request.amount, "k1")
        assert after.event != before.event
    else:
        assert after == before  # whoever cannot ask does not guess
    ((headers, body),) = await subject.webhooks()
    now = subject.clock.now()
    if not subject.provider.features.in_chat:
        await subject.provider.authenticate(headers, body, now)
    (told,) = subject.provider.read_webhook(headers, body, now)
    assert (told.state, told.amount) == ("settled", subject.request.amount)
    assert answer.reference in (told.reference, told.key)
    assert told.event == after.event or not looks_up


async def test_a_cancelled_payment_says_so_and_a_settled_one_stays_settled(subject: Subject) -> None:
    first = await subject.provider.request(subject.request, key="k1")
    second = await subject.provider.request(other_than(subject.request), key="k2")
    assert isinstance(first, PayByLink | PayByForm | PayInChat | PayByHand)
    assert (await subject.provider.cancel(first.reference, key="k1")).state == "cancelled"
    if isinstance(second, PayByLink):
        await subject.pays(second)
        assert (await subject.provider.cancel(second.reference, key="k2")).state == "settled"


async def test_money_goes_back_once_and_never_more_than_came(subject: Subject) -> None:
    answer = await subject.provider.request(subject.request, key="k1")
    assert isinstance(answer, PayByLink | PayByForm | PayInChat | PayByHand)
    part = Money(1000, "EUR") if subject.provider.features.partial_refunds else subject.request.amount
    refund = RefundRequest("r1", answer.reference, "k1", part)
    if not subject.provider.features.refunds:
        assert (await subject.provider.refund(refund, key="r1")).state == "needs_person"
        return
    assert (await subject.provider.refund(refund, key="r0")).state == "failed"  # nothing was paid yet
    await subject.pays(answer)
    if isinstance(answer, PayInChat):  # the money has a name only since it came
        ((_, body),) = await subject.webhooks()
        (told,) = subject.provider.read_webhook({}, body, subject.clock.now())
        assert isinstance(told, PaymentReport)
        refund = replace(refund, payment_reference=told.reference or "")
        half = replace(refund, amount=Money(part.amount_minor // 2, part.currency))
        assert (await subject.provider.refund(half, key="r0")).state == "needs_person"
    done = [await subject.provider.refund(refund, key="r1") for _ in range(2)]
    assert [one.state for one in done] == ["done", "done"]
    assert done[0].reference == done[1].reference
    if subject.provider.features.partial_refunds:
        assert (await subject.provider.refund(replace(refund, refund="r2"), key="r2")).state in (
            "failed",
            "needs_person",
        )
    found = await subject.provider.look_up_refund(key="r1", reference=None)
    if found.state == "unknown":  # it cannot search for our key; there the same refund is sent again, as above
        found = await subject.provider.look_up_refund(key="r1", reference=done[0].reference)
    assert (found.state, found.reference, found.key) == ("done", done[0].reference, "r1")


async def test_an_unknown_outcome_ends_in_one_truth(subject: Subject) -> None:
    """A call did what it was to do, and its answer was lost: looked up, and asked again, it is the same one thing."""
    provider, due = subject.provider, subject.request.amount
    if lose := subject.loses.get("request"):
        lose()
        with pytest.raises(OutcomeUnknown):
            await provider.request(subject.request, key="k1")
    answer = await provider.request(subject.request, key="k1")
    assert isinstance(answer, PayByLink | PayByForm | PayInChat | PayByHand)
    found = await provider.look_up(key="k1", reference=None)
    assert found.reference in (None, answer.reference)
    if (lose := subject.loses.get("refund")) is None:
        return
    await subject.pays(answer)
    ((headers, body),) = await subject.webhooks()
    (paid,) = provider.read_webhook(headers, body, subject.clock.now())
    assert isinstance(paid, PaymentReport)
    assert (paid.state, paid.amount) == ("settled", due)
    (await subject.webhooks()).clear()
    refund = RefundRequest("r1", paid.reference or answer.reference, "k1", due, payment_receipt=paid.receipt)
    before = await provider.look_up_refund(key="r1", reference=None, payment=refund.payment_reference)
    assert before.state == "unknown"
    lose()
    with pytest.raises(OutcomeUnknown):
        await provider.refund(refund, key="r1")
    found_refund = await provider.look_up_refund(key="r1", reference=None, payment=refund.payment_reference)
    again = await provider.refund(refund, key="r1")
    assert (found_refund.state, found_refund.key, found_refund.amount) == ("done", "r1", due)
    assert (again.state, again.reference, again.event) == ("done", found_refund.reference, found_refund.event)
    told = [r for headers, body in await subject.webhooks() for r in provider.read_webhook(headers, body, NOW)]
    assert {(r.state, r.reference) for r in told if isinstance(r, RefundReport)} <= {("done", again.reference)}


@pytest.mark.parametrize("won", [True, False])
async def test_a_dispute_names_the_money_that_it_is_about_and_ends(subject: Subject, won: bool) -> None:
    if subject.disputes is None:
        return

    async def told() -> list[Report]:
        now, due = subject.clock.now(), list(await subject.webhooks())
        (await subject.webhooks()).clear()
        for headers, body in due:
            await subject.provider.authenticate(headers, body, now)
        return [report for headers, body in due for report in subject.provider.read_webhook(headers, body, now)]

    answer = await subject.provider.request(REQUEST, key="k1")
    await subject.pays(answer)
    (paid,) = await told()
    assert isinstance(paid, PaymentReport)
    decide = subject.disputes(answer)
    opened = await told()
    decide(won)
    closed = await told()
    disputes = [report for report in [*opened, *closed] if isinstance(report, DisputeReport)]
    assert len(disputes) == len(opened) + len(closed)
    assert {one.state for one in disputes[: len(opened)]} == {"open"}
    assert {one.state for one in disputes[len(opened) :]} == {"won" if won else "lost"}
    assert len({one.dispute for one in disputes}) == 1
    assert isinstance(subject.provider, TellsDisputes)
    assert await subject.provider.look_up_dispute(disputes[-1].dispute) == disputes[-1]
    assert await subject.provider.look_up_dispute("never") is None
    assert all(one.receipt == paid.receipt or one.key == "k1" for one in disputes)
    assert {one.amount for one in disputes} == {REQUEST.amount}
    assert all(one.reason for one in disputes)


async def test_forged_stale_and_changed_webhooks_are_refused(subject: Subject) -> None:
    now = subject.clock.now()
    with pytest.raises(BadSignature):
        await subject.provider.authenticate({}, b"{}", now)
    answer = await subject.provider.request(subject.request, key="k1")
    if isinstance(answer, PayInChat):  # the messenger's own door proves it; there is no other
        await subject.pays(answer)
        for headers, body in await subject.webhooks():
            with pytest.raises(BadSignature):
                await subject.provider.authenticate(headers, body, now)
    if isinstance(answer, PayByLink | PayByForm):
        await subject.pays(answer)
        ((headers, body),) = await subject.webhooks()
        forgeries = [(headers, body + b" ", now), (headers, body[: len(body) // 2], now)]
        if subject.stamped:
            cut = {name: value[:-1] + "0g"[value[-1] == "0"] for name, value in headers.items()}
            forgeries += [(cut, body, now), (headers, body, now + timedelta(days=1))]
        for forged_headers, forged_body, at in forgeries:
            with pytest.raises(BadSignature):
                await subject.provider.authenticate(forged_headers, forged_body, at)


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
async def test_garbage_says_nothing(subject: Subject, body: bytes) -> None:
    assert list(subject.provider.read_webhook({}, body, subject.clock.now())) == []


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
async def test_who_asks_first_gets_no_yes_for_garbage(subject: Subject, body: bytes) -> None:
    if not isinstance(subject.provider, AsksFirst):
        return

    async def may_collect(question: PaymentQuestion) -> str:
        raise AssertionError("there is nothing to ask the core about")

    answer = await subject.provider.answer(body, may_collect)
    assert answer != "YES" or not body  # an empty call is a look whether we are here


async def test_doctor_gets_one_line(subject: Subject) -> None:
    health = await subject.provider.check()
    assert health.line
    assert "\n" not in health.line
