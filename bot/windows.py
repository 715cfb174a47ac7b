"""What may be sent when: news that nobody asked for waits until the shop's quiet hours are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from shop.shopfile import ShopFile

PROACTIVE = frozenset({"shipment_moved", "stock_back"})  # kinds of events that can wait for the morning


def polite(at: datetime, shop: ShopFile) -> datetime:
    """`at` itself, or the end of the quiet hours it falls into (shop time)."""
    local = shop.local(at)
    quiet = shop.quiet_hours
    if not quiet.contains(local.time()):
        return at
    end = local.replace(hour=quiet.close.hour, minute=quiet.close.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
