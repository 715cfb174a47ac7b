"""Signing in to the desk: slowed down by login and by origin, remembered in the database, ended for good."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from base.db import Database, Tx
from base.errors import ShopkeeperError
from base.ids import new_token
from bot.ownership import Manager
from desk.people import check_password, plain_login

# Clock of the database, not of the shop: guessing happens in real time, also where the shop's day is a minute long.
WINDOW = "15 minutes"
WRONG_BY_PAIR = 5  # wrong passwords for one login from one origin
WRONG_BY_ORIGIN = 30  # for any logins from one origin
WRONG_BY_LOGIN = 50  # for one login from origins where its owner was never seen
KNOWN_ORIGIN = "60 days"

IDLE = "12 hours"
LONGEST = "7 days"
LONGEST_SECONDS = 7 * 24 * 3600


class WrongPassword(ShopkeeperError):
    def __init__(self) -> None:
        super().__init__("This login and password do not belong together.", "Check both and try again.")


class SlowDown(ShopkeeperError):
    """Too many wrong passwords. Says nothing about whether the login exists."""

    def __init__(self) -> None:
        super().__init__("Too many wrong passwords.", "Wait 15 minutes, then try again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that proved who sits before it."""

    id: str
    manager: Manager
    role: str


async def sign_in(db: Database, login: str, password: str, origin: str) -> SignedIn:
    """Open the desk. `origin` is the address the request came from. Raises WrongPassword or SlowDown.

    An attempt is written down as wrong before the password is looked at, so a hundred guesses at once count as such.
    """
    login, origin = plain_login(login), network_of(origin)
    async with db.begin() as tx:
        attempt = await _let_try(tx, login, origin)
    if attempt is None:
        raise SlowDown
    manager = await check_password(db, login, password)
    if manager is None:
        raise WrongPassword
    id = new_token()
    async with db.begin() as tx:
        await tx.execute("UPDATE sign_in_attempt SET good = true WHERE id = %s", attempt)
        row = await tx.row(
            """WITH opened AS (INSERT INTO sign_in (id, manager_id, created_at, seen_at) VALUES (%s, %s, now(), now()))
               SELECT role FROM manager WHERE id = %s""",
            id, manager.id, manager.id,
        )  # fmt: skip
        await tx.execute(f"DELETE FROM sign_in WHERE created_at < now() - interval '{LONGEST}'")  # noqa: S608 - a constant
        await _audit(tx, manager.id, "signed in")
    return SignedIn(id, manager, str(row["role"]) if row else "manager")


async def find_sign_in(tx: Tx, id: str) -> SignedIn | None:
    """Who this is, unless he signed out, left the shop, or was away for too long.

    Also notes that he was seen, at most once a minute: the triggers of desk/triggers.py speak only while somebody is.
    """
    row = await tx.row(
        f"""SELECT s.manager_id, m.name, m.role, s.seen_at < now() - interval '1 minute' AS stale
            FROM sign_in s JOIN manager m ON m.id = s.manager_id AND m.active
            WHERE s.id = %s AND s.ended_at IS NULL
              AND s.seen_at > now() - interval '{IDLE}' AND s.created_at > now() - interval '{LONGEST}'""",  # noqa: S608 - constants of this file
        id,
    )
    if row is None:
        return None
    if row["stale"]:
        await tx.execute("UPDATE sign_in SET seen_at = now() WHERE id = %s", id)
    return SignedIn(id, Manager(id=row["manager_id"], name=row["name"]), row["role"])


async def sign_out(tx: Tx, signed_in: SignedIn) -> None:
    """End this sign-in for good, whoever else may hold its cookie."""
    await tx.execute("UPDATE sign_in SET ended_at = now() WHERE id = %s AND ended_at IS NULL", signed_in.id)
    await _audit(tx, signed_in.manager.id, "signed out")


def network_of(origin: str) -> str:
    """One household of addresses counts as one: IPv6 gives a /64 to everybody."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin[:100]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64)) + "/64"


async def _let_try(tx: Tx, login: str, origin: str) -> int | None:
    """Write the attempt down as wrong; return its id, or None when there were too many."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('desk sign-in'))")
    await tx.execute("DELETE FROM sign_in_attempt WHERE at < now() - interval '90 days'")
    seen = await tx.row(
        f"""SELECT count(*) FILTER (WHERE login = %(login)s AND origin = %(origin)s) AS by_pair,
                   count(*) FILTER (WHERE origin = %(origin)s) AS by_origin,
                   count(*) FILTER (WHERE login = %(login)s) AS by_login,
                   EXISTS (SELECT FROM sign_in_attempt WHERE login = %(login)s AND origin = %(origin)s AND good
                           AND at > now() - interval '{KNOWN_ORIGIN}') AS at_home
            FROM sign_in_attempt
            WHERE NOT good AND at > now() - interval '{WINDOW}' AND (login = %(login)s OR origin = %(origin)s)""",  # noqa: S608 - constants of this file
        login=login, origin=origin,
    )  # fmt: skip
    assert seen is not None  # an aggregate gives one row
    too_many = (
        seen["by_pair"] >= WRONG_BY_PAIR
        or seen["by_origin"] >= WRONG_BY_ORIGIN
        or (seen["by_login"] >= WRONG_BY_LOGIN and not seen["at_home"])
    )
    if too_many:
        return None
    row = await tx.row(
        "INSERT INTO sign_in_attempt (login, origin, good, at) VALUES (%s, %s, false, now()) RETURNING id",
        login, origin,
    )  # fmt: skip
    return int(row["id"]) if row else None


async def _audit(tx: Tx, manager_id: str, action: str) -> None:
    await tx.execute(
        "INSERT INTO audit (manager_id, action, details, at) VALUES (%s, %s, '{}', now())", manager_id, action
    )
