"""What a visitor's browser posts: read within a time, and refused in words where it is no form."""

from __future__ import annotations

import asyncio

from aiohttp import web
from multidict import MultiDictProxy

FORM_WITHIN = 20.0  # seconds

Form = MultiDictProxy[str | bytes | bytearray | web.FileField]


async def read_form(request: web.Request) -> Form:
    """The fields of the form; the second time at once. Raises HTTPBadRequest or HTTPRequestTimeout."""
    try:
        async with asyncio.timeout(FORM_WITHIN):
            return await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="That took too long.") from None
    except (ValueError, LookupError):  # signs that are none of its charset, a charset that nobody knows, half a part
        raise web.HTTPBadRequest(text="This form cannot be read.") from None
