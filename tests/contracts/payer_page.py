"""What a browser sees at a loopback provider: one page with one button, which the payer presses."""

from __future__ import annotations

from html import escape

from aiohttp import web


def ask_the_payer(who: str, button: str, told: str = "", fields: dict[str, str] | None = None) -> web.Response:
    """A page whose button posts `fields` to its own address."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in (fields or {}).items()
    )
    words = (
        f'<!doctype html><html lang="en"><title>{escape(who)}</title><main><h1>{escape(who)}</h1><p>{escape(told)}</p>'
        f'<form method="post">{hidden}<button>{escape(button)}</button></form></main></html>'
    )
    return web.Response(text=words, content_type="text/html")
