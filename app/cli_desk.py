"""Commands of the desk: who waits, what was said, take over, answer, hand back; and the managers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app.cli_base import AsJson, asks_a_person, errors, group, needed, opened, run, settings, show, show_one
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from base.db import Tx
    from bot.channel import Limits
    from bot.ownership import Manager

conversations = group("Conversations: who waits, what was said, who has them.")
manager = group("The people at the desk.")
tasks = group("Tasks: what the shop could not do by itself.")

Id = Annotated[str, typer.Argument(metavar="CONVERSATION", help="Its id, or the beginning of it.")]
As = Annotated[str, typer.Option("--as", help="Which manager: login or name. With one manager alone it is that one.")]


@conversations.command("list")
def list_all(
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for a person.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Conversations: those that wait come first, then the newest."""

    async def read() -> list[dict[str, Any]]:
        async with opened(settings()) as db, db.begin() as tx:
            return await tx.rows(
                """SELECT c.id, c.channel, c.peer, c.name, c.locale, coalesce(m.name, c.owner) AS owner, c.epoch,
                          h.reason, h.asked_at AS waiting_since, c.last_inbound_at
                   FROM conversation c LEFT JOIN manager m ON m.id = c.owner
                   LEFT JOIN handoff h ON h.conversation_id = c.id AND h.released_at IS NULL AND h.taken_at IS NULL
                   WHERE NOT %(waiting)s OR h.asked_at IS NOT NULL
                   ORDER BY h.asked_at, c.last_inbound_at DESC NULLS LAST LIMIT %(limit)s""",
                waiting=waiting, limit=limit,
            )  # fmt: skip

    show(
        run(read()),
        {"id": "Conversation", "channel": "Channel", "name": "Name", "owner": "With", "reason": "Reason",
         "waiting_since": "Waits since", "last_inbound_at": "Last heard"},
        as_json=as_json,
        empty="Nobody is waiting." if waiting else "There are no conversations yet.",
    )  # fmt: skip


@conversations.command("show")
def show_thread(id: Id, as_json: AsJson = False) -> None:
    """One conversation: who has it, and what was said on both sides."""

    async def read() -> dict[str, Any]:
        async with opened(settings()) as db, db.begin() as tx:
            row = await _found(tx, id)
            said = await tx.rows(
                """SELECT * FROM (
                     SELECT at, 'customer' AS author,
                            coalesce(content->>'text', content->>'title', content->>'kind') AS text, status, id
                     FROM inbound WHERE conversation_id = %(id)s
                     UNION ALL
                     SELECT at, author,
                            (SELECT string_agg(p->>'text', ' ') FROM jsonb_array_elements(fitted->'parts') p),
                            status, id
                     FROM outbox WHERE conversation_id = %(id)s
                     UNION ALL
                     SELECT at, 'note of ' || coalesce((SELECT name FROM manager WHERE manager.id = note.author),
                                                       note.author), text, kind, id
                     FROM note WHERE conversation_id = %(id)s) AS thread ORDER BY at, id""",
                id=row["id"],
            )
            handoff = await tx.row(
                """SELECT h.reason, h.summary, h.asked_at, h.taken_at, m.name AS taken_by FROM handoff h
                   LEFT JOIN manager m ON m.id = h.taken_by
                   WHERE h.conversation_id = %s AND h.released_at IS NULL""",
                row["id"],
            )
            return {
                "id": row["id"],
                "channel": row["channel"],
                "name": row["name"],
                "locale": row["locale"],
                "owner": row["owner_name"] or row["owner"],
                "epoch": row["epoch"],
                "handoff": handoff,
                "thread": [{key: line[key] for key in ("at", "author", "text", "status")} for line in said],
            }

    show_one(run(read()), as_json=as_json)


@conversations.command("take")
def take(id: Id, who: As = "", as_json: AsJson = False) -> None:
    """Take over: from now on the bot is silent there."""
    _done(_act(id, who, "take"), "taken by", as_json)


@conversations.command("reply")
def reply(
    id: Id,
    text: Annotated[str, typer.Argument(help="What the customer reads.")],
    who: As = "",
    as_json: AsJson = False,
) -> None:
    """Answer as a person; whoever answers has taken over."""
    _done(_act(id, who, "reply", text=text), "answered by", as_json)


@conversations.command("release")
def release(
    id: Id,
    who: As = "",
    drop: Annotated[bool, typer.Option("--drop", help="Forget the open dialog instead of going on with it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hand back to the bot."""
    _done(_act(id, who, "release", resume=not drop), "handed back by", as_json)


def _act(
    id: str, who: str, what: Literal["take", "reply", "release"], *, text: str = "", resume: bool = True
) -> dict[str, str]:
    async def work() -> dict[str, str]:
        from base.ids import new_id
        from desk import actions

        now = datetime.now(UTC)
        async with opened(settings()) as db, db.begin() as tx:
            person = await acting_manager(tx, who)
            found = await _found(tx, id)
            conversation = str(found["id"])
            if what == "take":
                await actions.take(tx, conversation, person, now=now)
            elif what == "reply":
                await actions.reply(
                    tx, conversation, person, text, now=now, key=new_id(), limits=_limits(found["channel"])
                )
            else:
                await actions.release(tx, conversation, person, resume=resume, now=now)
        return {"conversation": conversation, "manager": person.name}

    return run(work())


def _limits(channel: str) -> Mapping[str, Limits]:
    from integrations.messenger import CHANNELS, adapter

    known: type[Any] | None = adapter(channel) if channel in CHANNELS else None
    return {channel: known.limits} if known else {}


def _done(acted: dict[str, str], words: str, as_json: bool) -> None:
    if as_json:
        show_one(acted, as_json=True)
    else:
        print(f"{acted['conversation']} {words} {acted['manager']}.")


async def _found(tx: Tx, id: str) -> dict[str, Any]:
    rows = await tx.rows(
        """SELECT c.*, m.name AS owner_name FROM conversation c LEFT JOIN manager m ON m.id = c.owner
           WHERE starts_with(c.id, %s) LIMIT 2""",
        id.strip().lower() or "?",
    )
    if len(rows) > 1:
        raise ShopkeeperError(f"{id} is the beginning of several conversations.", "Write more of it.")
    return needed(rows[0] if rows else None, f"conversation {id}", "conversations list")


async def acting_manager(tx: Tx, who: str) -> Manager:
    from bot.ownership import Manager
    from desk.people import find_manager

    if who:
        found = await find_manager(tx, who)
        if found is None:
            raise ShopkeeperError(f"There is no manager {who!r}.", "Add one: shopkeeper manager add")
        return found
    rows = await tx.rows("SELECT id, name FROM manager WHERE active ORDER BY created_at LIMIT 2")
    if len(rows) == 1:
        return Manager(id=rows[0]["id"], name=rows[0]["name"])
    if rows:
        raise ShopkeeperError("There are several managers.", "Say which: --as LOGIN")
    raise ShopkeeperError("There is no manager yet.", "Add one: shopkeeper manager add")


@manager.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What he types to sign in.")],
    name: Annotated[str, typer.Option(help="How customers read it.")] = "",
    owner: Annotated[bool, typer.Option("--owner", help="May see and change everything.")] = False,
    password: Annotated[
        str, typer.Option(envvar="SHOPKEEPER_MANAGER_PASSWORD", help="None: asked for, or made.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Add a manager who may sign in at /desk."""
    made = ""
    if not password and asks_a_person():
        password = typer.prompt("Password (empty: one is made)", hide_input=True, default="", show_default=False)
    if not password:
        import secrets

        password = made = secrets.token_urlsafe(12)

    async def work() -> None:
        from desk.people import add_manager

        async with opened(settings()) as db, db.begin() as tx:
            await add_manager(tx, name or login, login, password, "owner" if owner else "manager")

    run(work())
    if as_json:
        show_one({"login": login, "name": name or login, **({"password": made} if made else {})}, as_json=True)
        return
    print(f"{name or login} may sign in at /desk as {login}.")
    if made:
        errors.print(f"Password (shown once): {made}", markup=False)


@tasks.command("list")
def list_tasks(limit: Annotated[int, typer.Option(min=1, max=10_000)] = 200, as_json: AsJson = False) -> None:
    """What a person has to look at, the oldest first."""

    async def read() -> list[dict[str, Any]]:
        from desk.tasks import open_tasks

        async with opened(settings()) as db, db.begin() as tx:
            return [task.model_dump(mode="json" if as_json else "python") for task in await open_tasks(tx, limit=limit)]

    show(
        run(read()),
        {"id": "Task", "kind": "Kind", "since": "Since", "name": "Customer", "order": "Order",
         "conversation": "Conversation", "text": "What"},
        as_json=as_json,
        empty="There is nothing to look at.",
    )  # fmt: skip


@tasks.command("done")
def task_done(
    id: Annotated[str, typer.Argument(metavar="TASK", help="Its id, or the beginning of it.")],
    who: As = "",
    as_json: AsJson = False,
) -> None:
    """Say that nobody needs to look at it any more."""

    async def work() -> dict[str, str]:
        from desk.tasks import done

        async with opened(settings()) as db, db.begin() as tx:
            person = await acting_manager(tx, who)
            rows = await tx.rows(
                "SELECT id FROM task WHERE starts_with(id, %s) AND state = 'open' LIMIT 2", id.strip().lower() or "?"
            )
            if len(rows) > 1:
                raise ShopkeeperError(f"{id} is the beginning of several tasks.", "Write more of it.")
            found = needed(rows[0] if rows else None, f"open task {id}", "tasks list")
            await done(tx, str(found["id"]), person, now=datetime.now(UTC))
            return {"task": str(found["id"]), "manager": person.name}

    said = run(work())
    if as_json:
        show_one(said, as_json=True)
    else:
        print(f"{said['task']} is done, says {said['manager']}.")
