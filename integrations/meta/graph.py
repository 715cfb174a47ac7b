"""The Graph API: one connection pool, one token, calls whose troubles are told in our words."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from aiohttp import ClientError, ClientSession, ClientTimeout

from base.errors import Disallowed, Flooded, Halted, NotPermitted, TryLater
from base.outage import Outage
from integrations.meta.fields import Json, parsed
from integrations.meta.troubles import SHORT_WAIT, Denied, TooFast, regain, told

VERSION = "v26.0"  # 2026-07-29; unversioned calls would take the oldest version the app may use
BRIEF = 5.0  # seconds that this process stops by itself after Meta's word to rest: what it had claimed before that
APART_WAIT = 300.0  # seconds; private replies are counted by the hour
PATIENCE = ClientTimeout(total=15)  # seconds; shorter than the lease of a message that is being sent


class Graph:
    """Calls with a token that stands in a header, never in an address that somebody may log."""

    def __init__(
        self, name: str, api_base: str, token: str, secret: bytes, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`secret` empty: no proof of the app secret is sent. `now`: seconds of any clock that only goes on."""
        self._base, self._now = f"{api_base.rstrip('/')}/{VERSION}", now
        self.token = token
        self._headers = {"Authorization": f"Bearer {token}"}
        self._proof = {"appsecret_proof": hmac.digest(secret, token.encode(), hashlib.sha256).hex()} if secret else {}
        self._http: ClientSession | None = None
        self._closed_until = self.rest = 0.0  # `rest`: seconds that the newest answer to a message asks for
        self._line = Outage("meta", channel=name)

    async def get(self, path: str, **query: str) -> Json:
        """Raises TryLater, Unreachable or Refused."""
        return await self._call("GET", path, query, None)

    async def post(
        self,
        path: str,
        body: Mapping[str, object],
        *,
        special: bool = False,
        counted_apart: bool = False,
        capped: bool = False,
    ) -> Json:
        """Raises Halted, TryLater, Unreachable or Refused.

        How long the account has to rest is the database's to know, where it may be let write again before its time.
        Only for a moment after Meta's word Halted is raised at once, of what was claimed before that.
        `special`: a kind of message with a permission of its own, so its want says nothing of the others: NotPermitted.
        `counted_apart`: one with a rate of its own as well, so that too many of them stop no others: Flooded.
        `capped`: one of which each person gets so many in a time: Enough.
        """
        if (left := self._closed_until - self._now()) > 0:
            raise Halted(self._line.why, after=left)
        return await self._call("POST", path, {}, body, sends=True, special=special, apart=counted_apart, capped=capped)

    async def set(self, path: str, body: Mapping[str, object], **query: str) -> Json:
        """Change a setting of the account: a refusal says nothing about sending. Raises as `get` does."""
        return await self._call("POST", path, query, body)

    async def about_token(self, app: str, secret: str) -> Json:
        """What Meta knows of our token, asked in the name of the app. Raises TryLater, Unreachable or Refused."""
        return await self._as_app(app, secret, "debug_token", input_token=self.token)

    async def subscriptions(self, app: str, secret: str) -> Json:
        """To what the app is subscribed, and where Meta calls it. Raises TryLater, Unreachable or Refused."""
        return await self._as_app(app, secret, f"{app}/subscriptions")

    async def pages_of(self, person: str, app: str, secret: str, page: str) -> Json:
        """The ids under which `page` knows a person of the app. Raises TryLater, Unreachable or Refused."""
        return await self._as_app(app, secret, f"{person}/ids_for_pages", page=page)

    async def _as_app(self, app: str, secret: str, path: str, **query: str) -> Json:
        asking = f"{app}|{secret}"
        proof = hmac.digest(secret.encode(), asking.encode(), hashlib.sha256).hex()
        headers = {"Authorization": f"Bearer {asking}"}
        return await self._call("GET", path, {**query, "appsecret_proof": proof}, None, headers=headers)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, object] | None,
        *,
        sends: bool = False,
        special: bool = False,
        capped: bool = False,
        apart: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        if self._http is None or self._http.closed:
            self._http = ClientSession(timeout=PATIENCE)
        try:
            async with self._http.request(
                method,
                f"{self._base}/{path}",
                params={**self._proof, **query},
                json=body,
                headers=headers or self._headers,
                allow_redirects=False,
            ) as response:
                status, about, answer = response.status, response.headers, await response.read()
        except (ClientError, OSError, TimeoutError, ValueError) as trouble:
            if sends:
                self._rest("Meta cannot be reached.", 0)
            raise TryLater(f"Meta cannot be reached ({type(trouble).__name__}).", after=SHORT_WAIT) from None
        if status != 200:
            error = told(status, answer, about, capped=capped)
            if special and isinstance(error, Denied):
                raise NotPermitted(error.what)
            if apart and isinstance(error, TooFast) and not regain(about):
                raise Flooded(error.what, after=APART_WAIT)
            if isinstance(error, Halted) and sends:  # a name that is not told stops no message
                doubtful = isinstance(error, Disallowed)  # others are let try, which shows whose fault it is
                self._rest(error.what, 0 if doubtful else error.after)
            raise error
        if sends:
            self.rest = regain(about)
            if self.rest:
                self._rest("Meta asks for patience.", self.rest)
            else:
                self._line.back()
        return parsed(answer)

    def _rest(self, why: str, seconds: float) -> None:
        self._line.down(why)
        self._closed_until = self._now() + min(seconds, BRIEF)
