"""Who wished for a refund: what people ask back may need approval.

Comes after: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refund", sa.Column("wished_by", sa.String(), nullable=True))
    op.execute(
        "UPDATE refund r SET wished_by = 'customer ' || o.customer FROM shop_order o"
        " WHERE o.id = r.\"order\" AND starts_with(r.key, 'edit-')"
    )
