"""Tells the desk of changes: whoever writes to a conversation's tables notifies channel `desk`, with its id, at commit.

Only what a person can see counts: claiming, leases and due times do not. PostgreSQL folds equal notifications of one
transaction into one. Commits that notify wait for each other, which costs a fifth of the turns at full load; so nothing
is told while no browser is at the desk (an open stream keeps `sign_in.seen_at` fresh, see desk/sign_in.py).
"""

from __future__ import annotations

CHANNEL = "desk"  # as written in the function below

DDL: tuple[str, ...] = (
    """CREATE OR REPLACE FUNCTION desk_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM sign_in WHERE seen_at > now() - interval '5 minutes') THEN
                RETURN NULL;
            ELSIF TG_TABLE_NAME = 'conversation' THEN
                PERFORM pg_notify('desk', NEW.id);
            ELSE
                PERFORM pg_notify('desk', NEW.conversation_id);
            END IF;
            RETURN NULL;
        END $$""",
    """CREATE OR REPLACE TRIGGER desk_conversation_new AFTER INSERT ON conversation
       FOR EACH ROW EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_conversation_moved AFTER UPDATE ON conversation FOR EACH ROW
       WHEN (OLD.epoch <> NEW.epoch OR OLD.owner <> NEW.owner OR OLD.name <> NEW.name OR OLD.reachable <> NEW.reachable
             OR OLD.customer_id <> NEW.customer_id)
       EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_conversation_noticed AFTER UPDATE ON conversation FOR EACH ROW
       WHEN (OLD.delivered_until IS DISTINCT FROM NEW.delivered_until OR OLD.read_until IS DISTINCT FROM NEW.read_until)
       EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_inbound_new AFTER INSERT ON inbound
       FOR EACH ROW EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_inbound_taken AFTER UPDATE ON inbound FOR EACH ROW
       WHEN (OLD.status <> NEW.status OR (OLD.parsed IS NULL AND NEW.parsed IS NOT NULL))
       EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_outbox_new AFTER INSERT ON outbox
       FOR EACH ROW EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_outbox_moved AFTER UPDATE ON outbox FOR EACH ROW
       WHEN (OLD.status <> NEW.status AND NEW.status NOT IN ('queued', 'sending'))
       EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_note AFTER INSERT OR UPDATE ON note
       FOR EACH ROW EXECUTE FUNCTION desk_changed()""",
    """CREATE OR REPLACE TRIGGER desk_handoff AFTER INSERT OR UPDATE ON handoff
       FOR EACH ROW EXECUTE FUNCTION desk_changed()""",
)
