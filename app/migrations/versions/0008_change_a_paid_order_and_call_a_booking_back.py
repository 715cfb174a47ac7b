"""A paid order may be changed before it is packed, and a booking called back.

Comes after: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_edit",
        sa.Column("id", sa.String(), autoincrement=False, nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("breakdown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("difference_minor", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "goods_minor + discount_minor + delivery_minor = total_minor", name=op.f("ck_order_edit_adds_up")
        ),
        sa.ForeignKeyConstraint(["order"], ["shop_order.id"], name=op.f("fk_order_edit_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_edit")),
    )
    op.create_index(
        "ix_order_edit_open_until",
        "order_edit",
        ["until"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_index(op.f("ix_order_edit_order"), "order_edit", ["order"], unique=False)
    op.create_index(
        "uq_order_edit_open",
        "order_edit",
        ["order"],
        unique=True,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_table(
        "recall",
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("shipment", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shipment"], ["shipment.id"], name=op.f("fk_recall_shipment")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_recall")),
    )
    op.create_index("ix_recall_due", "recall", ["at"], unique=False, postgresql_where=sa.text("NOT told"))
    op.create_index(op.f("ix_recall_shipment"), "recall", ["shipment"], unique=False)
    op.create_index(op.f("ix_recall_tracking"), "recall", ["tracking"], unique=False)
    op.add_column("payment", sa.Column("edit", sa.String(), nullable=True))
    op.create_index("uq_payment_settled_edit", "payment", ["edit"], unique=True, postgresql_where=sa.text("counts"))
    op.create_foreign_key(op.f("fk_payment_edit"), "payment", "order_edit", ["edit"], ["id"])
    op.drop_index("uq_payment_settled_slot", "payment")
    op.create_index(
        "uq_payment_settled_slot",
        "payment",
        ["order"],
        unique=True,
        postgresql_where=sa.text("counts AND edit IS NULL"),
    )
    op.add_column("reservation", sa.Column("edit", sa.String(), server_default="", nullable=False))
    op.alter_column("reservation", "edit", server_default=None)
    op.drop_constraint("pk_reservation", "reservation", type_="primary")
    op.create_primary_key("pk_reservation", "reservation", ["order", "sku", "edit"])
