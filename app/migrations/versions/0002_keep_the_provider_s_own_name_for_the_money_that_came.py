"""Keep the provider's own name for the money that came.

Comes after: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("receipt", sa.String(), nullable=True))
