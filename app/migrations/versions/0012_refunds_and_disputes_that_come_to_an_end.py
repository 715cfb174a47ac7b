"""Refunds that do not go through are tried at growing intervals.

Comes after: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refund", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("refund", sa.Column("looks", sa.Integer(), nullable=True))
    op.execute("UPDATE refund SET looks = 0")
    op.alter_column("refund", "looks", nullable=False)
