"""Finds a picture on this machine, for shops that have no public address from which Telegram could fetch it."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import unquote, urlsplit


def local_picture(url: str, root: Path | None) -> Path | None:
    """The file below `root` (already resolved) that `url` means, or None.

    `url` is a path, absolute or below the shop's public address, or an address on this machine or its network. Longer
    endings of the path are tried first: `/media/mug.jpg` is `root/media/mug.jpg`, else `root/mug.jpg`.
    """
    if root is None:
        return None
    try:
        address = urlsplit(url)
        if address.scheme in {"http", "https"} and not is_near(address.hostname or ""):
            return None
    except ValueError:
        return None
    path = unquote(address.path if address.scheme in {"http", "https"} else url)
    if "\x00" in path:
        return None
    whole = Path(path)
    parts = [part for part in whole.parts if part != whole.anchor]
    for candidate in (whole, *(root.joinpath(*parts[start:]) for start in range(len(parts)))):
        found = candidate.resolve()
        if found.is_relative_to(root) and found.is_file():
            return found
    return None


def is_near(host: str) -> bool:
    """A host that Telegram's servers cannot reach."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host
