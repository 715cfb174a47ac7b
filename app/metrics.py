"""Figures for Prometheus: what this process did, counted here, and how the shop stands, asked of the database."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from base.db import Database

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TURN_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STANDING = """
    SELECT 'outbox' AS what, status AS label, count(*) AS value FROM outbox
      WHERE status IN ('queued', 'sending', 'refused', 'dropped', 'expired') GROUP BY status
    UNION ALL SELECT 'conversations', CASE WHEN owner IN ('bot', 'queue') THEN owner ELSE 'manager' END, count(*)
      FROM conversation GROUP BY 2
    UNION ALL SELECT 'waiting', '', count(*) FROM handoff WHERE released_at IS NULL AND taken_at IS NULL
    UNION ALL SELECT 'jobs', status::text, count(*) FROM procrastinate_jobs GROUP BY status
    UNION ALL SELECT 'tasks', '', count(*) FROM task WHERE state = 'open'
    UNION ALL SELECT 'orders', status, count(*) FROM shop_order GROUP BY status
    UNION ALL SELECT 'channels', channel, CASE WHEN state = 'down' OR halted_until > now() THEN 0 ELSE 1 END
      FROM channel_state
    UNION ALL SELECT 'alarms', channel, count(*) FROM alarm WHERE over_at IS NULL GROUP BY channel
    UNION ALL SELECT 'silent', channel, silent_hours FROM channel_state
    UNION ALL SELECT 'tokens', channel, extract(epoch FROM token_ends_at - now())::bigint FROM channel_state
      WHERE token_ends_at IS NOT NULL
    UNION ALL SELECT 'late', '', coalesce(extract(epoch FROM now() - min(turn_due_at)), 0)::bigint FROM conversation
      WHERE turn_due_at <= now()
"""


class Metrics:
    """One per process. Is told by turns and by jobs; no label ever carries a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("shopkeeper_turns", "Turns taken", ["kind"], registry=self.registry)
        self.turn_seconds = Histogram(
            "shopkeeper_turn_seconds", "How long a turn took", ["kind"], buckets=TURN_SECONDS, registry=self.registry
        )
        self.inbounds = Counter("shopkeeper_inbound", "What came in", ["channel"], registry=self.registry)
        self.plainer = Counter(
            "shopkeeper_degraded", "Messages shown plainer than meant", ["channel", "kind"], registry=self.registry
        )
        self.misses = Counter("shopkeeper_nlu_misses", "Utterances nobody understood", registry=self.registry)
        self.rasa = Counter("shopkeeper_nlu_rasa", "Messages for a Rasa server", ["outcome"], registry=self.registry)
        self.model = Counter("shopkeeper_llm", "Tries of a language model", ["outcome"], registry=self.registry)
        self.jobs = Counter("shopkeeper_jobs_run", "Jobs run", ["job", "outcome"], registry=self.registry)
        self.job_seconds = Histogram("shopkeeper_job_seconds", "How long a job took", ["job"], registry=self.registry)
        self.webhooks = Counter("shopkeeper_webhooks", "Calls at the door", ["name", "status"], registry=self.registry)
        standing = {
            "outbox": Gauge("shopkeeper_outbox", "Messages by status", ["status"], registry=self.registry),
            "conversations": Gauge("shopkeeper_conversations", "By who has them", ["owner"], registry=self.registry),
            "jobs": Gauge("shopkeeper_jobs", "Jobs by status", ["status"], registry=self.registry),
            "channels": Gauge(
                "shopkeeper_channel_up", "1: well, 0: down or told to stop", ["channel"], registry=self.registry
            ),
            "alarms": Gauge("shopkeeper_alarms", "Troubles that go on", ["channel"], registry=self.registry),
            "silent": Gauge(
                "shopkeeper_channel_silent_hours",
                "Nothing came, though it should have",
                ["channel"],
                registry=self.registry,
            ),
            "tokens": Gauge("shopkeeper_token_seconds_left", "Until a token ends", ["channel"], registry=self.registry),
            "orders": Gauge("shopkeeper_orders", "Orders by state", ["status"], registry=self.registry),
        }
        self._by_label = standing
        self._single = {
            "waiting": Gauge("shopkeeper_queue_length", "Waiting for a person", registry=self.registry),
            "tasks": Gauge("shopkeeper_open_tasks", "Things a person must look at", registry=self.registry),
            "late": Gauge("shopkeeper_oldest_due_turn_seconds", "Age of the oldest due turn", registry=self.registry),
        }

    def turn(self, seconds: float, *, kind: str) -> None:
        """A turn was taken; `kind` is button, text or event."""
        self.turns.labels(kind).inc()
        self.turn_seconds.labels(kind).observe(seconds)

    def missed(self) -> None:
        self.misses.inc()

    def rasa_asked(self, outcome: str) -> None:
        """`outcome` is answered, failed, or spared (not asked, since it failed a moment ago)."""
        self.rasa.labels(outcome).inc()

    def model_asked(self, outcome: str) -> None:
        """`outcome`: answered, failed or spared of the call; proposed, worded, guarded… of what it was for."""
        self.model.labels(outcome).inc()

    def inbound(self, channel: str) -> None:
        self.inbounds.labels(channel).inc()

    def degraded(self, channel: str, note: str) -> None:
        """A message went out plainer than it was meant; `note` as render.fit() gives it: "cards: text"."""
        self.plainer.labels(channel, note).inc()

    def job(self, name: str, outcome: str, seconds: float) -> None:
        self.jobs.labels(name, outcome).inc()
        self.job_seconds.labels(name).observe(seconds)

    def webhook(self, name: str, status: int) -> None:
        self.webhooks.labels(name, str(status)).inc()

    async def read(self, db: Database) -> bytes:
        """All figures in the text format of Prometheus 0.0.4."""
        async with db.begin() as tx:
            rows = await tx.rows(STANDING)
        self._stand((row["what"], row["label"], row["value"]) for row in rows)
        return generate_latest(self.registry)

    def _stand(self, figures: Iterable[tuple[str, str, int]]) -> None:
        for gauge in self._by_label.values():
            gauge.clear()
        for what, label, value in figures:
            if what in self._single:
                self._single[what].set(value)
            else:
                self._by_label[what].labels(label).set(value)
