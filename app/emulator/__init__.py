"""Play messengers for the demo: windows like Messenger and Instagram, and the Graph API behind them, on this machine.

Nothing here knows the adapters: they call it over HTTP as they would call Meta, and it calls the shop's own door with
signed webhooks. Never part of a shop in production.
"""
