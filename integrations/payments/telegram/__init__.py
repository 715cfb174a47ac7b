"""Telegram Payments: `goods` by a provider token, `stars` for what is digital."""
