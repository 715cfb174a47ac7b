"""Where the shop's database is: the owner's own PostgreSQL, or the embedded one, started when it is asked for."""

from __future__ import annotations

import warnings

from app.settings import Settings


def database_url(settings: Settings) -> str:
    """The address of the database; starts (or joins) the embedded server where no address is set. Takes a moment.

    Raises ShopkeeperError when the embedded server cannot be used.
    """
    given = settings.database_url.get_secret_value()
    if given:
        return given
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # of a library, and of no use to anybody
    from base.embedded import start_embedded

    return start_embedded(settings.home_folder)


def listen_url(settings: Settings, url: str) -> str:
    """Where to LISTEN: past a pooler, where one is in between."""
    return settings.database_direct_url.get_secret_value() or url
