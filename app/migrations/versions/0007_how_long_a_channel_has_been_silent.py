"""How long a channel has been silent.

Comes after: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_state", sa.Column("silent_hours", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("channel_state", "silent_hours", server_default=None)
    op.create_index("ix_inbound_received_at", "inbound", ["received_at"], unique=False, postgresql_using="brin")
