"""Who calls: the client's address, read from a proxy's header only where the proxy is one of ours."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence

from aiohttp import web

from desk.sign_in import network_of


def caller_behind(trusted: Sequence[str]) -> Callable[[web.Request], str]:
    """A function that tells the address of a request's client; of IPv6 the /64, for a household has all of it.

    X-Forwarded-For is read from the right, and only past addresses in `trusted` (addresses or networks): what stands
    further left can be written by anybody.
    """
    networks = [ipaddress.ip_network(network, strict=False) for network in trusted]

    def ours(address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in networks)
        except ValueError:
            return False

    def caller(request: web.Request) -> str:
        address = request.remote or ""
        named = [part.strip() for value in request.headers.getall("X-Forwarded-For", ()) for part in value.split(",")]
        while named and ours(address):
            address = named.pop()
        return network_of(address)

    return caller
