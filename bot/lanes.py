"""Sending: a conversation's outbox in its order, each message claimed under the conversation's lock first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from base.clock import Clock
from base.db import Database, Row, Tx
from base.errors import Refused, TryLater, Unreachable
from base.ids import new_id
from bot.channel import Channel, Sent
from bot.messages import Address, Fitted

log = structlog.get_logger("lanes")
LEASE = 30.0  # seconds a claim holds; the network gets less
SEND_WITHIN = 20.0
MOST_TRIES = 12


class Lanes:
    """Sends what is in the outbox, one message of a conversation at a time."""

    def __init__(self, db: Database, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self.db, self.clock, self.channels = db, clock, channels

    async def drain(self, conversation_id: str) -> None:
        """Send until nothing of this conversation is due. What cannot be sent now stays, with its time."""
        outcome: tuple[Row, str, float | None, Sent | None, str] | None = None
        while True:
            row = await self.db.run(lambda tx, done=outcome: self._mark_and_claim(tx, conversation_id, done))  # type: ignore[misc]
            if row is None:
                return
            outcome = await self._send(row)

    async def _send(self, row: Row) -> tuple[Row, str, float | None, Sent | None, str]:
        channel = self.channels[row["channel"]]
        to = Address(channel=row["channel"], account=row["account"], peer=row["peer"])
        try:
            async with asyncio.timeout(SEND_WITHIN):
                sent = await channel.send(to, Fitted.model_validate(row["fitted"]), key=row["key"])
            return row, "sent", None, sent, ""
        except TryLater as later:
            if row["attempts"] >= MOST_TRIES:
                return row, "refused", None, None, f"given up after {MOST_TRIES} tries"
            return row, "queued", max(later.after, 0.05), None, str(later)
        except TimeoutError:
            return row, "queued", 2.0, None, "no answer in time"
        except Unreachable as gone:
            return row, "unreachable", None, None, str(gone)
        except Refused as refused:
            log.warning("message refused", channel=row["channel"], outbox=row["id"], why=refused.what)
            return row, "refused", None, None, refused.what
        except Exception as error:
            log.error("sending failed", channel=row["channel"], outbox=row["id"], error=type(error).__name__)
            if row["attempts"] >= MOST_TRIES:
                return row, "refused", None, None, type(error).__name__
            return row, "queued", min(60.0, 0.5 * 2 ** row["attempts"]), None, type(error).__name__

    async def _mark_and_claim(
        self, tx: Tx, conversation_id: str, outcome: tuple[Row, str, float | None, Sent | None, str] | None
    ) -> Row | None:
        """One transaction: write down what became of the last message, then claim the next one that may go."""
        conversation = await tx.row(
            "SELECT id, channel, account, peer, owner, epoch, reachable FROM conversation WHERE id = %s FOR UPDATE",
            conversation_id,
        )
        if conversation is None or conversation["channel"] not in self.channels:
            return None  # a process that has this channel sends it: a terminal's messages are its own
        if outcome is not None:
            await self._mark(tx, conversation, *outcome)
        while True:
            row = await tx.row(
                """SELECT *, now() AS db_now, due_at <= now() AS due, coalesce(lease_until > now(), false) AS leased,
                          extract(epoch FROM lease_until - now()) AS lease_left
                   FROM outbox WHERE conversation_id = %s AND status IN ('queued', 'sending') ORDER BY id LIMIT 1""",
                conversation_id,
            )
            if row is None:
                await tx.execute("UPDATE conversation SET lane_due_at = NULL WHERE id = %s", conversation_id)
                return None
            if row["status"] == "sending" and row["leased"]:
                await self._later(tx, conversation_id, row["lease_until"])
                return None
            if not row["due"]:
                await self._later(tx, conversation_id, row["due_at"])
                return None
            if why := _must_not_go(row, conversation, self.clock):
                await tx.execute("UPDATE outbox SET status = %s, error = %s WHERE id = %s", why[0], why[1], row["id"])
                continue
            claimed = await tx.row(
                """UPDATE outbox SET status = 'sending', token = %s, attempts = attempts + 1,
                          lease_until = now() + make_interval(secs => %s) WHERE id = %s RETURNING *""",
                new_id(), LEASE, row["id"],
            )  # fmt: skip
            await self._later(tx, conversation_id, claimed["lease_until"] if claimed else None)
            return (
                {**claimed, **{name: conversation[name] for name in ("channel", "account", "peer")}}
                if claimed
                else None
            )

    async def _mark(
        self, tx: Tx, conversation: Row, row: Row, status: str, after: float | None, sent: Sent | None, error: str
    ) -> None:
        if status == "queued":
            await tx.execute(
                """UPDATE outbox SET status = 'queued', error = %s, lease_until = NULL,
                          due_at = now() + make_interval(secs => %s) WHERE id = %s AND token = %s""",
                error, after, row["id"], row["token"],
            )  # fmt: skip
            return
        await tx.execute(
            """UPDATE outbox SET status = %s, error = %s, platform_id = %s, sent_at = %s, lease_until = NULL
               WHERE id = %s AND token = %s""",
            "refused" if status == "unreachable" else status, error, sent.platform_id if sent else None,
            self.clock.now(), row["id"], row["token"],
        )  # fmt: skip
        if status == "unreachable":
            conversation["reachable"] = False
            await tx.execute("UPDATE conversation SET reachable = false WHERE id = %s", conversation["id"])

    async def _later(self, tx: Tx, conversation_id: str, at: object) -> None:
        await tx.execute("UPDATE conversation SET lane_due_at = %s WHERE id = %s", at, conversation_id)


def _must_not_go(row: Row, conversation: Row, clock: Clock) -> tuple[str, str] | None:
    """Why a message is dropped instead of sent: the status and the reason for the desk."""
    if not conversation["reachable"]:
        return "refused", "the customer cannot be reached on this channel"
    if row["expires_at"] is not None and row["expires_at"] <= clock.now():
        return "expired", "its time was over"
    if row["author"] == "bot" and (row["epoch"] != conversation["epoch"] or conversation["owner"] != "bot"):
        return "dropped", "a person took over"
    return None
