"""The pace of every account.

Comes after: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_pace",
        sa.Column("channel", sa.String(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "what", name=op.f("pk_channel_pace")),
    )
    op.add_column("conversation", sa.Column("paced_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True))
