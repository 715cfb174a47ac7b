"""Managers as people of the Page: who writes is shown with name and picture, instead of the Page.

Source: Personas API (`POST /me/personas` with `name` and `profile_picture_url`, then `persona_id` on a message);
Messenger alone, Instagram has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from base.db import Database, Tx
from base.errors import Refused, ShopkeeperError
from integrations.meta.fields import identity
from integrations.meta.graph import Graph
from integrations.meta.troubles import Denied

BUSY = 60.0  # seconds in which one process makes a persona, and after which a hiccup is tried again
REFUSED = 86_400.0  # seconds after which Meta is asked once more
MADE_ANEW = 2  # times that it is made in a row
CLAIM = """
INSERT INTO meta_persona (account, name, picture, persona, tries, due_at)
VALUES (%(account)s, %(name)s, %(picture)s, '', 1, now() + make_interval(secs => %(busy)s))
ON CONFLICT (account, name, picture) DO UPDATE
SET tries = meta_persona.tries + 1, due_at = now() + make_interval(secs => %(busy)s)
WHERE meta_persona.persona = '' AND meta_persona.due_at <= now()
RETURNING account
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Faces:
    """How managers are shown. `picture`: an address that Meta can fetch; `called`: a manager's name as customers read
    it. `db` remembers what was made."""

    db: Database
    picture: str
    called: Callable[[str], str]


@dataclass
class Personas:
    """The personas of one Page, each made once by all processes together."""

    account: str
    graph: Graph
    faces: Faces
    _known: dict[str, str] = field(default_factory=dict)

    async def of(self, manager: str) -> str:
        """The persona of a manager; empty where there is none, at the moment or for good. Never raises for Meta."""
        if known := self._known.get(manager):
            return known
        name = self.faces.called(manager)
        found, mine = await self.faces.db.run(lambda tx: self._found(tx, name))
        if mine:
            found = await self._made(name)
        if found:
            self._known[manager] = found
        return found

    async def lost(self, manager: str, persona: str) -> None:
        """Meta does not know it any more: it is made anew once at the next message, and after that once a day."""
        self._known.pop(manager, None)
        log.warning("meta.persona_lost", account=self.account)
        await self._wait(self.faces.called(manager), "CASE WHEN tries < %(most)s THEN 0 ELSE %(refused)s END", persona)

    async def _found(self, tx: Tx, name: str) -> tuple[str, bool]:
        """The id that is known, and whether it is on us to make one."""
        key = {"account": self.account, "name": name, "picture": self.faces.picture}
        row = await tx.row(
            """SELECT persona FROM meta_persona
               WHERE account = %(account)s AND name = %(name)s AND picture = %(picture)s""",
            **key,
        )
        if row is not None and row["persona"]:
            return str(row["persona"]), False
        return "", await tx.row(CLAIM, **key, busy=BUSY) is not None

    async def _made(self, name: str) -> str:
        try:
            wanted = {"name": name, "profile_picture_url": self.faces.picture}
            made = identity(await self.graph.set("me/personas", wanted))
        except ShopkeeperError as trouble:
            log.warning("meta.no_persona", account=self.account, reason=trouble.what)
            await self._wait(name, "%(refused)s" if isinstance(trouble, Refused | Denied) else "%(busy)s")
            return ""
        async with self.faces.db.begin() as tx:
            await tx.execute(
                "UPDATE meta_persona SET persona = %s WHERE account = %s AND name = %s AND picture = %s",
                made, self.account, name, self.faces.picture,
            )  # fmt: skip
        return made

    async def _wait(self, name: str, seconds: str, persona: str = "") -> None:
        """Until it may be made again. `persona`: only where it is this one still, and nobody has made another."""
        async with self.faces.db.begin() as tx:
            await tx.execute(
                f"""UPDATE meta_persona SET persona = '', due_at = now() + make_interval(secs => {seconds})
                    WHERE account = %(account)s AND name = %(name)s AND picture = %(picture)s
                      AND persona = %(persona)s""",  # noqa: S608 - one of our own expressions
                account=self.account, name=name, picture=self.faces.picture, persona=persona,
                most=MADE_ANEW, refused=REFUSED, busy=BUSY,
            )  # fmt: skip
