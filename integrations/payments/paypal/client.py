"""Calls to PayPal's REST API: a token kept until shortly before its end, and failures told apart."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from base.clock import Clock
from base.errors import OutcomeUnknown, Refused, TryLater
from base.outage import Outage

TIMEOUT = aiohttp.ClientTimeout(total=20)
RENEW_BEFORE = timedelta(seconds=60)  # the end of a token
LONGEST_WAIT = 300.0  # seconds, whatever Retry-After says

log = logging.getLogger(__name__)

Answer = Mapping[str, Any]


class Missing(Refused):
    """PayPal has no such object, or not any more."""


class Refusal(Refused):
    """PayPal understood the call and refuses it. `issue` is its own word, such as INSTRUMENT_DECLINED."""

    def __init__(self, issue: str) -> None:
        super().__init__(f"PayPal refuses the call ({issue}).")
        self.issue = issue


class PayPalClient:
    """One account of PayPal. Connections are opened with the first call."""

    def __init__(self, clock: Clock, client_id: str, client_secret: str, api_base: str) -> None:
        self._clock, self._base = clock, api_base.rstrip("/")
        self._basic = aiohttp.encode_basic_auth(client_id, client_secret)
        self._http: aiohttp.ClientSession | None = None
        self._token, self._good_until = "", datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._renewing = asyncio.Lock()
        self._line = Outage("paypal")

    async def get(self, path: str) -> Answer:
        """Read something. Raises Missing, Refused or TryLater: without an answer it may simply be asked again."""
        try:
            return await self._with_token("GET", path, None, {})
        except OutcomeUnknown as error:
            raise TryLater(error.what, 10.0) from None

    async def post(self, path: str, body: Mapping[str, object], *, key: str) -> Answer:
        """Act, at most once for `key` (PayPal-Request-Id, 108 characters). Raises OutcomeUnknown when it may have."""
        return await self._with_token("POST", path, body, {"PayPal-Request-Id": key, "Prefer": "return=representation"})

    async def sign_in(self) -> None:
        """Get a token, if there is none. Raises Refused for keys that PayPal does not know, or TryLater."""
        await self._current_token()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def _with_token(
        self, method: str, path: str, body: Mapping[str, object] | None, headers: Mapping[str, str]
    ) -> Answer:
        """A token may have been withdrawn before its end: after a 401 one more call is made with a new one."""
        for last in (False, True):
            token = await self._current_token()
            status, said = await self._call(
                method, path, json=body, headers={**headers, "Authorization": f"Bearer {token}"}
            )
            if status != 401:
                return said
            if self._token == token:
                self._token = ""
            if last:
                break
        raise Refused("PayPal does not accept our keys.")

    async def _current_token(self) -> str:
        async with self._renewing:
            if self._token and self._clock.now() < self._good_until:
                return self._token
            asked_at = self._clock.now()
            try:
                status, said = await self._call(
                    "POST",
                    "/v1/oauth2/token",
                    headers={"Authorization": self._basic},
                    data={"grant_type": "client_credentials"},
                )
                if status == 401:
                    raise Refused("PayPal does not accept our keys.")
                self._token = str(said["access_token"])
                self._good_until = asked_at + timedelta(seconds=int(said["expires_in"])) - RENEW_BEFORE
            except OutcomeUnknown as error:
                raise TryLater(error.what, 10.0) from None
            except (KeyError, TypeError, ValueError, OverflowError):
                raise TryLater("PayPal gave no token.", 10.0) from None
            return self._token

    async def _call(self, method: str, path: str, **given: Any) -> tuple[int, Answer]:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._http.request(method, self._base + path, allow_redirects=False, **given) as answer:
                status, about, body = answer.status, answer.headers, await answer.read()
        except aiohttp.ClientConnectorError as error:  # nothing was sent
            raise self._down(TryLater(f"PayPal cannot be reached ({type(error).__name__}).", 10.0)) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._down(OutcomeUnknown(f"PayPal did not answer ({type(error).__name__}).")) from None
        if status >= 500:
            self._line.down(f"PayPal answers {status}.")
        else:
            self._line.back()
        return status, _understood(status, about, body)

    def _down(self, error: TryLater | OutcomeUnknown) -> TryLater | OutcomeUnknown:
        self._line.down(error.what)
        return error


def _understood(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """The JSON of an answer; the errors are those of developer.paypal.com/api/rest/responses."""
    if status == 401:
        return {}
    if status == 429:
        raise TryLater("PayPal asks for patience.", _patience(headers.get("Retry-After", "")))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if 200 <= status < 300 and isinstance(said, dict):
        return said
    if not 400 <= status < 500 or not isinstance(said, dict):  # a gateway's HTML: it may have passed the call on
        raise OutcomeUnknown(f"PayPal did not answer clearly (status {status}).")
    issue = issue_of(said)
    log.info("PayPal refuses a call: %s %s, debug id %s", status, issue, _plain(said.get("debug_id")))
    if status == 404:
        raise Missing("PayPal has no such object.")
    if status == 409:  # the same key is being worked on in this moment
        raise OutcomeUnknown(f"PayPal is still at it ({issue}).")
    raise Refusal(issue)


def issue_of(said: Answer) -> str:
    """PayPal's own word for what is wrong: the first issue, else the name of the error."""
    details = said.get("details")
    first = details[0] if isinstance(details, list) and details else None
    return _plain((first.get("issue") if isinstance(first, dict) else None) or said.get("name"))


def _plain(word: object) -> str:
    """Only letters of ours go into logs and tasks."""
    return re.sub(r"[^A-Za-z0-9_-]", "", str(word or "unnamed"))[:80]


def _patience(seconds: str) -> float:
    return min(float(seconds), LONGEST_WAIT) if seconds.isascii() and seconds.isdigit() else 5.0
