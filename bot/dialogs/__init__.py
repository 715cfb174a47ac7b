"""What the bot can talk about, one file a stage."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogs.cart import CART
from bot.dialogs.checkout import CHECKOUT
from bot.dialogs.discovery import DISCOVERY
from bot.dialogs.faq import FAQ
from bot.dialogs.feedback import FEEDBACK_TOOLS, feedback
from bot.dialogs.greeting import GREETING
from bot.dialogs.handoff import HANDOFF
from bot.dialogs.order_edit import ORDER_EDIT
from bot.dialogs.payment import PAYMENT
from bot.dialogs.prices import PRICES
from bot.dialogs.promo import PROMO
from bot.dialogs.tracking import TRACKING
from bot.steps import Registry


def all_dialogs(*, day: timedelta = timedelta(days=1)) -> Registry:
    """Every dialog of the shop. `day`: how long a parcel's day is (a demo makes it shorter)."""
    return Registry(
        forms=(CHECKOUT, feedback(day)),
        tools=(GREETING, DISCOVERY, PRICES, CART, PROMO, PAYMENT, ORDER_EDIT, TRACKING, FAQ, HANDOFF, FEEDBACK_TOOLS),
    )
