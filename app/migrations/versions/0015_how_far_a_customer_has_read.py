"""How far a customer has got and read what was sent to him.

Comes after: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("delivered_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversation", sa.Column("read_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        """CREATE TRIGGER desk_conversation_noticed AFTER UPDATE ON conversation FOR EACH ROW
       WHEN (OLD.delivered_until IS DISTINCT FROM NEW.delivered_until OR OLD.read_until IS DISTINCT FROM NEW.read_until)
       EXECUTE FUNCTION desk_changed()"""
    )
