"""Every move of every state goes through here: checked by the table, written, and remembered with its reason."""

from __future__ import annotations

from datetime import datetime

from base.db import Tx
from base.errors import ShopkeeperError
from base.ids import new_id
from shop.states import Machine, move

_ROWS = {
    "order": ("shop_order", "status"),
    "payment": ("payment", "state"),
    "refund": ("refund", "state"),
    "edit": ("order_edit", "state"),
    "dispute": ("dispute", "state"),
    "shipment": ("shipment", "status"),
    "return": ("return_request", "state"),
}


async def begin(tx: Tx, machine: Machine, entity: str, state: str, *, who: str, why: str, now: datetime) -> None:
    """Remember that something came into being in `state`."""
    await _remember(tx, machine, entity, None, state, who, why, now)


async def note(tx: Tx, machine: Machine, entity: str, state: str, *, who: str, why: str, now: datetime) -> None:
    """Remember that something was changed and stays in `state`."""
    await _remember(tx, machine, entity, state, state, who, why, now)


async def advance(
    tx: Tx, machine: Machine, entity: str, state: str, to: str, *, who: str, why: str, now: datetime
) -> None:
    """Move a row from `state` to `to`. Raises ForbiddenMove, or ShopkeeperError when the row is not in `state`."""
    move(machine, state, to)
    table, column = _ROWS[machine.name]
    moved = await tx.execute(
        f"UPDATE {table} SET {column} = %(to)s WHERE id = %(id)s AND {column} = %(state)s",  # noqa: S608 (own names)
        to=to,
        id=entity,
        state=state,
    )
    if moved != 1:
        raise ShopkeeperError(f"The {machine.name} {entity} is not {state} any more.")
    await _remember(tx, machine, entity, state, to, who, why, now)


async def _remember(
    tx: Tx, machine: Machine, entity: str, state: str | None, to: str, who: str, why: str, now: datetime
) -> None:
    await tx.execute(
        "INSERT INTO history (entity, entity_id, from_state, to_state, at, who, why)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        machine.name,
        entity,
        state,
        to,
        now,
        who,
        why,
    )


async def raise_task(
    tx: Tx,
    kind: str,
    text: str,
    *,
    key: str,
    now: datetime,
    customer: str | None = None,
    order: str | None = None,
    actor: str | None = None,
) -> str:
    """Put something before a person, once per `key`; returns the task's id."""
    row = await tx.row(
        'INSERT INTO task (id, key, kind, customer, "order", actor, text, state, created_at)'
        " VALUES (%(id)s, %(key)s, %(kind)s, %(customer)s, %(order)s, %(actor)s, %(text)s, 'open', %(now)s)"
        " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id",
        id=new_id(),
        key=key,
        kind=kind,
        customer=customer,
        order=order,
        actor=actor,
        text=text,
        now=now,
    )
    assert row is not None
    return str(row["id"])
