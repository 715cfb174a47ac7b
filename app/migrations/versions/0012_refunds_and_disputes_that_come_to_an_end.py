"""Refunds are tried at growing intervals, and an order whose money is lost may be sent all the same.

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
    op.add_column("dispute", sa.Column("let_go", sa.Boolean(), nullable=True))
    op.execute("UPDATE dispute SET let_go = false")
    op.alter_column("dispute", "let_go", nullable=False)
