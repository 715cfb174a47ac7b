"""The moments of a platform's newest words: about an account that may write or not, and about who has a conversation.

Comes after: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_state", sa.Column("enforced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversation", sa.Column("control_at", sa.DateTime(timezone=True), nullable=True))
