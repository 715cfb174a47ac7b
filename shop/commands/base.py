"""What every question to the shop and every answer of it is."""

from __future__ import annotations

from shop.views import View


class Command(View):
    """Asked of the shop by the conversation."""


class Result(View):
    """Answered by the shop, in the customer's language."""
