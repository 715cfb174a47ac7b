"""The managers: who they are, and how one proves to be one."""

from __future__ import annotations

import asyncio
import functools
import unicodedata
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from base.db import Database, Tx
from base.errors import BadInput, ShopkeeperError
from base.ids import new_id, new_token
from bot.ownership import Manager

Role = Literal["manager", "owner"]

SHORTEST_PASSWORD = 8  # characters; NIST SP 800-63B, 3.1.1.2
LONGEST_PASSWORD = 1000  # characters; longer ones are no passwords but work for us
LONGEST_LOGIN = 200

HASHER = PasswordHasher()  # argon2id, RFC 9106 low-memory profile
AT_ONCE = asyncio.Semaphore(2)  # each check takes 64 MiB


class LoginTaken(ShopkeeperError):
    def __init__(self, login: str) -> None:
        super().__init__(f"There is already a manager {login!r}.", "Choose another login.")


async def add_manager(tx: Tx, name: str, login: str, password: str, role: Role = "manager") -> Manager:
    """Add one manager. Raises BadInput for empty names and short passwords, LoginTaken for a known login."""
    name, login = name.strip(), plain_login(login)
    if not name or not login:
        raise BadInput("A manager needs a name and a login.")
    if name.casefold() in ("bot", "queue"):
        raise BadInput(f"{name!r} is not a name for a person.", "Choose another name.")
    manager = Manager(id=new_id(), name=name)
    added = await tx.execute(
        """INSERT INTO manager (id, name, login, password_hash, role, active, created_at)
           VALUES (%s, %s, %s, %s, %s, true, now()) ON CONFLICT (login) DO NOTHING""",
        manager.id, name, login, hash_password(password), role,
    )  # fmt: skip
    if not added:
        raise LoginTaken(login)
    return manager


async def find_manager(tx: Tx, login_or_name: str) -> Manager | None:
    """The active manager of this login, or the only one of this name."""
    rows = await tx.rows(
        "SELECT id, name, login FROM manager WHERE active AND (login = %s OR lower(name) = lower(%s))",
        plain_login(login_or_name), login_or_name.strip(),
    )  # fmt: skip
    exact = [row for row in rows if row["login"] == plain_login(login_or_name)] or rows
    return Manager(id=exact[0]["id"], name=exact[0]["name"]) if len(exact) == 1 else None


async def check_password(db: Database, login: str, password: str) -> Manager | None:
    """The active manager whose login and password these are.

    An unknown login, a left manager and a wrong password cost the same work, so that time tells nothing.
    """
    async with db.begin() as tx:
        row = await tx.row(
            "SELECT id, name, password_hash FROM manager WHERE login = %s AND active", plain_login(login)
        )
    known_hash = str(row["password_hash"]) if row else _nobodys_hash()
    async with AT_ONCE:
        good = await asyncio.to_thread(_verify, known_hash, password)
    return Manager(id=row["id"], name=row["name"]) if row and good else None


def hash_password(password: str) -> str:
    """Raises BadInput when the password is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"A password has at least {SHORTEST_PASSWORD} characters.", "A short sentence is a good one.")
    return HASHER.hash(_plain(password))


def plain_login(login: str) -> str:
    """A login as it is kept: `  Anna ` and `anna` are the same."""
    return _plain(login).strip().casefold()[:LONGEST_LOGIN].replace("\0", "")


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words)


@functools.cache
def _nobodys_hash() -> str:
    return HASHER.hash(new_token())


def _verify(known_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(known_hash, _plain(password[: LONGEST_PASSWORD + 1]))
    except (VerificationError, InvalidHashError):
        return False
