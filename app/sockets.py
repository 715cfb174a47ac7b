"""A bound socket before anything slow is begun, so that a taken port is told at once."""

from __future__ import annotations

import errno
import socket

from base.errors import ShopkeeperError


def listen_at(host: str, port: int, *, command: str) -> socket.socket:
    """Raises ShopkeeperError when the port is taken, not ours to take, or the address is none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise _told(error, host, port, command) from None
    sock.listen(128)
    sock.setblocking(False)
    return sock


def _told(error: OSError, host: str, port: int, command: str) -> ShopkeeperError:
    if isinstance(error, PermissionError):
        return ShopkeeperError(
            f"Port {port} may not be used by this user.", f"Take a higher one: shopkeeper {command} --port 8080"
        )
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return ShopkeeperError(f"SHOPKEEPER_HOST: {host} is no address of this machine.", "Use 127.0.0.1.")
    return ShopkeeperError(
        f"Port {port} is taken by another program.", f"Choose another: shopkeeper {command} --port {port + 1}"
    )
