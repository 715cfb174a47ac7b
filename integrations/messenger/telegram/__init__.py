"""Telegram: `read` what came, `build` what goes out (both pure), and `adapter`, the class that does the I/O.

aiogram is imported by adapter, keyboards, poll and troubles alone; nothing here imports them until Telegram is set up.
"""
