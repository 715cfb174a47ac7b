"""What may be sent when: a channel's window after the customer's last words, and the shop's quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.channel import Channel, Limits, SendsTemplates
from bot.optins import OptIn, SendsOffers
from shop.shopfile import ShopFile

SPARE = timedelta(minutes=30)  # before a channel closes: what waits in a lane must still get through
EARLIEST = 1 / 3  # of a wait: how it was cannot be asked at once
PROACTIVE = frozenset({"shipment_moved", "stock_back"})  # kinds of events that can wait for the morning

Kind = Literal["reply", "news", "marketing", "words"]  # of the bot, of an order, of goods, of a manager
NEWS = (
    "tracking.moved.",
    "payment.settled",
    "payment.revived",
    "payment.not_found",
    "payment.declined",
    "payment.on_its_way",
    "payment.unclear",
    "payment.expired",
    "payment.refunded",
    "payment.refund_refused",
    "checkout.thanks",  # said when the money comes, by a bank days later
    "edit.paid",
    "edit.expired",
    "edit.too_late",
)  # how the text keys of such messages begin
COURTESIES = ("feedback.rating.",)  # worth nobody's time where they cannot be said
MARKETING = ("discovery.back_in_stock",)
CALLED: dict[Kind, str] = {
    "reply": "answers of the bot",
    "news": "news of an order",
    "marketing": "offers",
    "words": "a manager's words",
}


@dataclass(frozen=True, slots=True)
class Path:
    """How a message may go: as it is, in a template, by an opt-in, under the tag of a human, or not at all, and why.

    `left`: how much longer this very way stays open; None: without an end, or there is none.
    """

    way: Literal["send", "template", "opt_in", "human_tag", "none"]
    reason: str = ""
    left: timedelta | None = None


def kind_of(author: str, keys: Sequence[str]) -> Kind:
    """What kind of message this is: by its author, and by the text keys that the bot made it of."""
    if author == "manager":
        return "words"
    if any(key.startswith(MARKETING) for key in keys):
        return "marketing"
    return "news" if any(key.startswith(NEWS) for key in keys) else "reply"


def is_courtesy(keys: Sequence[str]) -> bool:
    """Whether nothing is lost with a message made of these text keys, so that it becomes no task."""
    return bool(keys) and all(key.startswith(COURTESIES) for key in keys)


def legal_path(
    limits: Limits,
    kind: Kind,
    silence: timedelta | None,
    *,
    typed_by: str = "",
    agreed: bool = True,
    template: bool = False,
    opt_in: OptIn | None = None,
) -> Path:
    """The way that the channel leaves open `silence` after the customer's last words; None: he never wrote.

    `typed_by`: the signed-in manager who typed it. Nothing else ever goes under the tag of a human. `agreed`: the
    customer said yes to offers; without that they go nowhere, whatever the channel allows. `template`: the shop has
    one for news of an order, which the platform takes at any time from who has once written. `opt_in`: the customer's
    yes to the platform, by which it takes offers.
    """
    if kind == "marketing" and not agreed:
        return Path("none", "the customer has not agreed to offers, or took it back")
    window = limits.reply_window
    if window is None:
        return Path("send")
    if silence is not None and silence <= window:
        return Path("send", left=window - silence)
    if opt_in is not None and kind == "marketing":
        return Path("opt_in", left=opt_in.left)
    if template and kind == "news" and silence is not None:
        return Path("template")
    tag = limits.human_window
    by_hand = tag is not None and silence is not None and silence <= tag
    if by_hand and kind == "words" and typed_by and tag is not None and silence is not None:
        return Path("human_tag", left=tag - silence)
    longest = tag if kind == "words" and typed_by and tag is not None else window
    since = "has not written here yet" if silence is None else f"wrote more than {_span(longest)} ago"
    then = "a signed-in manager may still write" if by_hand else "it opens when the customer writes"
    return Path("none", f"the customer {since}, and this channel is closed to {CALLED[kind]}; {then}")


def path_of(
    channel: Channel,
    kind: Kind,
    silence: timedelta | None,
    *,
    typed_by: str = "",
    agreed: bool = False,
    opt_in: OptIn | None = None,
) -> Path:
    """How a message of this kind may go on this channel, `silence` after the customer's last words."""
    template = isinstance(channel, SendsTemplates) and bool(channel.template)
    opted = opt_in if isinstance(channel, SendsOffers) else None
    return legal_path(channel.limits, kind, silence, typed_by=typed_by, agreed=agreed, template=template, opt_in=opted)


def _span(time: timedelta) -> str:
    return f"{time.days} days" if time > timedelta(days=2) else f"{time // timedelta(hours=1)} hours"


def in_time(due: datetime, shop: ShopFile, *, now: datetime, closes: datetime | None) -> datetime:
    """When something that nobody asked for is best said, outside the quiet hours: at `due`, or earlier where the
    channel `closes` before (None: never), but not in the first third of the wait. Where that cannot be, at `due`.
    """
    planned = polite(due, shop)
    if closes is None or planned <= closes - SPARE:
        return planned
    early = _before_quiet(closes - SPARE, shop)
    return early if early - now >= (due - now) * EARLIEST else planned


def _before_quiet(at: datetime, shop: ShopFile) -> datetime:
    """`at` itself, or the beginning of the quiet hours it falls into (shop time)."""
    local = shop.local(at)
    quiet = shop.quiet_hours
    if not quiet.contains(local.time()):
        return at
    begin = local.replace(hour=quiet.open.hour, minute=quiet.open.minute, second=0, microsecond=0)
    return begin if begin <= local else begin - timedelta(days=1)


def polite(at: datetime, shop: ShopFile) -> datetime:
    """`at` itself, or the end of the quiet hours it falls into (shop time)."""
    local = shop.local(at)
    quiet = shop.quiet_hours
    if not quiet.contains(local.time()):
        return at
    end = local.replace(hour=quiet.close.hour, minute=quiet.close.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
